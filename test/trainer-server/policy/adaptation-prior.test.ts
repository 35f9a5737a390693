import { describe, expect, it } from 'vitest';
import type { LoggedDecision } from '../../../shared/decision.ts';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { learnedFrom } from '../../../shared/policy/adaptation.ts';
import type { Promotion } from '../../../shared/promotion.ts';
import { seeded } from '../../../shared/random.ts';
import { adaptationOf } from '../../../trainer-server/policy/adaptation-prior.ts';

const PROMOTIONS: Promotion[] = [
  { id: 'none', terms: { type: 'none' } },
  { id: 'ship', terms: { type: 'free_shipping' } },
  { id: 'gift', terms: { type: 'gift' } },
];
const IDS = PROMOTIONS.map(({ id }) => id);
const HOUR = 3_600_000;

/** Half of the visitors love gifts, the other half free shipping, by so much; a lover clicks and buys four in five. */
function log(love: number, visitors = 400) {
  const random = seeded(`lovers ${love}`);
  const decisions: LoggedDecision[] = [];
  const events: BehaviourEvent[] = [];
  for (let i = 0; i < 12; i++) {
    for (let v = 0; v < visitors; v++) {
      const visitor = `v${v}`;
      const ts = (i * visitors + v) * 100 * HOUR;
      const action = IDS[random.int(3)]!;
      const loved = action === (v % 2 === 0 ? 'gift' : 'ship');
      const likes = action !== 'none' && random.next() < 0.4 + (loved ? love : -love);
      if (likes) events.push({ visitor, ts: ts + 1000, name: 'select_promotion', promotion: action });
      if (likes) events.push({ visitor, ts: ts + 2000, name: 'purchase', promotion: action, value: 1000 });
      const reward = likes ? 10 : 0;
      decisions.push({ id: `${i}-${v}`, visitor, ts, history: [], eligible: IDS, action, reward });
    }
  }
  const dataset = {
    decisions,
    events,
    products: [],
    promotions: PROMOTIONS,
    shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: [] },
  };
  // A policy that sees no difference between shoppers: none earns 0, both offers 4.
  const q = Float32Array.from({ length: 3 * decisions.length }, (_, row) => (row % 3 === 0 ? 0 : 4));
  return { dataset, q };
}

describe('what a release tells devices about learning on', () => {
  it('lets a device find out which offer its shopper loves', () => {
    const { dataset, q } = log(0.4);
    const { adaptation, note } = adaptationOf(dataset, q, 6);
    expect(note).toMatch(/learn on, by at most 6/);
    expect(adaptation!.expected.none).toBe(0);
    // As a lover of gifts answers: four in five.
    const loved = [1, 1, 1, 1, 0].map((yes) => ({ action: 'gift', clicked: yes === 1, bought: yes === 1 }));
    const spurned = Array.from({ length: 5 }, () => ({ action: 'ship', clicked: false, bought: false }));
    const by = learnedFrom([...loved, ...spurned], PROMOTIONS, adaptation!);
    // A gift earns a lover 8 where Q says 4, free shipping earns nothing of them.
    expect(by.gift).toBeGreaterThan(2);
    expect(by.gift).toBeLessThan(6);
    expect(by.ship).toBeLessThan(-2);
    expect(by.none).toBe(0);
  });

  it('is nothing, in words, where all shoppers are alike', () => {
    const { dataset, q } = log(0);
    const { adaptation, note } = adaptationOf(dataset, q, 6);
    expect(adaptation).toBeUndefined();
    expect(note).toMatch(/learn nothing on: left-out visitors speak for it by -?\d+\.\d standard errors/);
  });

  it('is nothing, in words, where nobody knows what followed', () => {
    const { dataset, q } = log(0.4, 20);
    const { adaptation, note } = adaptationOf({ ...dataset, events: [] }, q, 6);
    expect(adaptation).toBeUndefined();
    expect(note).toMatch(/no events/);
  });
});
