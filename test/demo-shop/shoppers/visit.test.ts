import { describe, expect, it } from 'vitest';
import { chance, type Driver } from '../../../demo-shop/shoppers/driver.ts';
import { PERSONAS, type Persona, personaNamed } from '../../../demo-shop/shoppers/personas.ts';
import { visit } from '../../../demo-shop/shoppers/visit.ts';

/** A shop in which everything is there, and which notes what is done in it. */
function noted(offer: string): { driver: Driver; acts: string[] } {
  const acts: string[] = [];
  const driver: Driver = {
    open: async (path) => void acts.push(`open ${path}`),
    click: async (selector) => acts.push(`click ${selector}`) > 0,
    fill: async (selector, text) => acts.push(`fill ${selector} ${text}`) > 0,
    submit: async (selector) => void acts.push(`submit ${selector}`),
    count: async () => 6,
    text: async () => '€10.00',
    attribute: async (_, name) => (name === 'name' ? 'home' : offer),
    appears: async () => true,
    wait: async () => undefined,
  };
  return { driver, acts };
}

const sure = (change: Partial<Persona>): Persona => ({ ...personaNamed('tea-lover'), ...change });
const BUYS = 'fill input[name=email] shopper@example.org';

describe('a scripted shopper', () => {
  it('walks the same way for the same seed', async () => {
    const walks = await Promise.all(
      [7, 7, 8].map(async (seed) => {
        const { driver, acts } = noted('none');
        await visit(driver, personaNamed('window-shopper'), chance(seed));
        return acts.join('\n');
      }),
    );
    expect(walks[0]).toBe(walks[1]);
    expect(walks[0]).not.toBe(walks[2]);
  });

  it('buys when it is sure to, and reports what it saw', async () => {
    const { driver, acts } = noted('tea-15');
    const seen = await visit(driver, sure({ adds: 1, buys: 1, looks: 2 }), chance(1));
    expect(acts).toContain(BUYS);
    expect(seen).toMatchObject({ paid: '€10.00', looked: ['€10.00', '€10.00'] });
    expect(seen.offers[0]).toEqual({ slot: 'home', action: 'tea-15' });
  });

  it('buys nothing without an offer where it only hunts for bargains', async () => {
    const { driver, acts } = noted('none');
    await visit(driver, sure({ adds: 1, buys: 1, takesOffers: 0, onlyWithOffer: true }), chance(1));
    expect(acts).not.toContain(BUYS);
  });

  it('is known by a name of its own', () => {
    expect(new Set(PERSONAS.map((persona) => persona.name)).size).toBe(PERSONAS.length);
    expect(() => personaNamed('nobody')).toThrow(/tea-lover.*got 'nobody'/);
  });
});
