/**
 * Shoppers in a headless browser.
 *
 *   tsx demo-shop/shoppers/run.ts --base http://localhost:5173 [--persona tea-lover] [--sessions 3] [--seed 1]
 *   tsx demo-shop/shoppers/run.ts --base http://localhost:5173 --check
 *
 * `--check` ends with 0 only where the SDK used a release and decided with it.
 */

import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { PromoEdge, Ready, SlotDecision } from '../../sdk/index.ts';
import { openChromium, pageDriver, profileOf } from './browser.ts';
import { chance } from './driver.ts';
import { PERSONAS, type Persona, personaNamed } from './personas.ts';
import { type Visit, visit } from './visit.ts';

const { values: options } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://localhost:5173' },
    persona: { type: 'string' },
    sessions: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    share: { type: 'boolean', default: false },
    headed: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

/** How long the SDK may take to load, and to decide. */
const LIMIT_MS = 30_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** So many visits, each in a profile of its own; one line of JSON for each. */
async function shop(browser: Browser): Promise<void> {
  const count = Number(options.sessions);
  for (let i = 0; i < count; i++) {
    const persona =
      options.persona === undefined ? PERSONAS[i % PERSONAS.length]! : personaNamed(options.persona);
    say(JSON.stringify(await session(browser, persona, Number(options.seed) + i)));
  }
}

async function session(browser: Browser, persona: Persona, seed: number): Promise<Visit> {
  const profile = await profileOf(browser, persona);
  try {
    const page = await profile.newPage();
    const driver = pageDriver(page, options.base);
    await driver.open('/');
    // The note on privacy: first answer keeps everything here, second shares.
    await driver.click('.consent .button', options.share ? 1 : 0);
    return await visit(driver, persona, chance(seed));
  } finally {
    await profile.close();
  }
}

/** Has the SDK fetched a release, and decided with it? @throws where it has not */
async function check(browser: Browser, base: string): Promise<void> {
  const persona = personaNamed(options.persona ?? 'tea-lover');
  const profile = await profileOf(browser, persona);
  const page = await profile.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  const driver = pageDriver(page, base);
  await driver.open('/c/tea');
  await driver.click('.grid .card-link');
  const ready = await readiness(page);
  if (ready.release === undefined)
    throw new Error('expected the SDK to use a release; it found none it could trust');
  say(`  SDK ready in ${ready.ms.toFixed(0)} ms: release ${ready.release}, tier ${ready.tier}`);
  await driver.click('.buy .button:enabled');
  await driver.click('.to-cart');
  const decision = await decided(page);
  if (decision.source !== 'policy') {
    const why = decision.reasons.map((reason) => reason.code).join(', ');
    throw new Error(`expected a decision of the policy, got the ${decision.source} one (${why})`);
  }
  say(`  Slot '${decision.slot}': ${decision.action}, propensity ${decision.propensity.toFixed(3)}`);
  if (decision.reasons.some(({ code }) => code === 'first-weeks'))
    say('  No policy yet: the shop’s own order, and a slice at random (train --first-weeks)');
  for (const [id, value] of Object.entries(decision.values)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)) {
    say(`    ${id.padEnd(16)} ${value.toFixed(1)}`);
  }
  if (failures.length > 0) throw new Error(`expected no error on the page, got: ${failures.join('; ')}`);
}

type Edge = { promoEdge?: { push(command: (edge: PromoEdge) => void): void } };

async function readiness(page: Page): Promise<Ready> {
  return withinLimit(
    page.evaluate(
      () =>
        new Promise<Ready>((resolve) => {
          (globalThis as Edge).promoEdge?.push((edge) => void edge.ready().then(resolve));
        }),
    ),
    'the SDK to load',
  );
}

/** The decision that the basket's slot shows. */
async function decided(page: Page): Promise<SlotDecision> {
  return withinLimit(
    page.evaluate(
      () =>
        new Promise<SlotDecision>((resolve) => {
          (globalThis as Edge).promoEdge?.push(
            (edge) => void edge.decide('cart', { timeout: 5000 }).then(resolve),
          );
        }),
    ),
    'a decision',
  );
}

function withinLimit<T>(answer: Promise<T>, what: string): Promise<T> {
  const limit = new Promise<never>((_, reject) => {
    setTimeout(
      () => reject(new Error(`expected ${what} within ${LIMIT_MS / 1000} s; is the trainer serving?`)),
      LIMIT_MS,
    ).unref();
  });
  return Promise.race([answer, limit]);
}

const browser = await openChromium(!options.headed);
try {
  if (options.check) await check(browser, options.base);
  else await shop(browser);
} catch (error) {
  process.stderr.write(`shoppers: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
