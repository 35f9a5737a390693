/** One visit of a persona, from the door to the order or away. */

import type { Chance, Driver } from './driver.ts';
import type { Persona } from './personas.ts';

export interface Visit {
  persona: string;
  looked: string[];
  /** Promotion shown in each slot that was seen, in order; `none` where the slot kept its own words. */
  offers: { slot: string; action: string }[];
  taken: number;
  /** What the order came to, as the page says it; absent where nothing was bought. */
  paid?: string;
  returned: boolean;
}

export const beginVisit = ({ name }: Persona): Visit => ({
  ...{ persona: name, looked: [], offers: [], taken: 0, returned: false },
});

/** @param seen filled in as the visit goes on */
export async function visit(
  driver: Driver,
  persona: Persona,
  chance: Chance,
  seen: Visit = beginVisit(persona),
): Promise<Visit> {
  await driver.open('/');
  await look(driver, persona, chance, seen);
  for (let i = 0; i < persona.looks; i++) {
    if (i % 2 === 0) await driver.open(of(persona.departments, chance));
    else await search(driver, of(persona.searches, chance));
    await look(driver, persona, chance, seen);
    await inspect(driver, persona, chance, seen);
  }
  await leaveOrBuy(driver, persona, chance, seen);
  return seen;
}

const of = (list: readonly string[], chance: Chance): string => list[Math.floor(chance() * list.length)]!;

async function search(driver: Driver, query: string): Promise<void> {
  await driver.fill('#q', query);
  await driver.submit('#q');
}

/** Reads what the page's slots say, and takes an offer or does not. */
async function look(driver: Driver, persona: Persona, chance: Chance, seen: Visit): Promise<void> {
  await driver.wait(250);
  const slot = await driver.attribute('main promo-slot', 'name');
  if (slot === undefined) return;
  const action = (await driver.attribute('main promo-slot', 'data-decided')) || 'none';
  seen.offers.push({ slot, action });
  if (chance() < persona.takesOffers && (await driver.click('main promo-slot .button:enabled'))) seen.taken++;
}

/** Opens one of the first products of a list, stays a while, perhaps puts it into the basket. */
async function inspect(driver: Driver, persona: Persona, chance: Chance, seen: Visit): Promise<void> {
  const shown = Math.min(await driver.count('.grid .card-link'), 8);
  if (shown === 0) return;
  await driver.click('.grid .card-link', Math.floor(chance() * shown));
  seen.looked.push(await driver.text('main h1'));
  await driver.wait(persona.dwells * (0.6 + 0.8 * chance()));
  await look(driver, persona, chance, seen);
  if (chance() < (persona.rates ?? 0)) await driver.click('.rate label', 2 + Math.floor(chance() * 3));
  if (chance() < persona.adds) await driver.click('.buy .button:enabled');
}

async function leaveOrBuy(driver: Driver, persona: Persona, chance: Chance, seen: Visit): Promise<void> {
  await driver.click('.to-cart');
  await look(driver, persona, chance, seen);
  const willing = persona.onlyWithOffer !== true || seen.taken > 0;
  if (!willing || chance() >= persona.buys || !(await driver.click('.summary .button'))) return;
  const address = {
    email: 'shopper@example.org',
    name: 'A. Shopper',
    address: 'Lantern Lane 1',
    postcode: '1000',
    city: 'Lindow',
  };
  for (const [field, text] of Object.entries(address)) await driver.fill(`input[name=${field}]`, text);
  await driver.click('.summary .button');
  if (!(await driver.appears('.thanks'))) return;
  seen.paid = await driver.text('.order header strong');
  if (chance() < (persona.returns ?? 0)) seen.returned = await driver.click('.order header button');
}
