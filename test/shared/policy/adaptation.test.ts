import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import {
  type Adaptation,
  correctionsOf,
  learn,
  learnedFrom,
  type ObservedOutcome,
  observedOutcomes,
  priorOf,
  TRAIT_KINDS,
  traitsOf,
} from '../../../shared/policy/adaptation.ts';

const PROMOTIONS = [
  { id: 'none', terms: { type: 'none' } },
  { id: 'ten', terms: { type: 'percentage', percent: 10 } },
  { id: 'twenty', terms: { type: 'percentage', percent: 20 } },
  { id: 'ship', terms: { type: 'free_shipping' } },
  { id: 'gift', terms: { type: 'gift' } },
] as const;
const IDS = PROMOTIONS.map(({ id }) => id);

const outcome = fc.record({
  action: fc.constantFrom(...IDS),
  clicked: fc.boolean(),
  bought: fc.boolean(),
});
const outcomes = fc.array(outcome, { maxLength: 30 });
const positive = fc.double({ min: 0.01, max: 10, noNaN: true });
const kind = fc.record({ variance: positive, worth: fc.double({ min: 0, max: 50, noNaN: true }) });
const adapting: fc.Arbitrary<Adaptation> = fc.record({
  bound: positive,
  windowMs: fc.constant(86_400_000),
  click: positive,
  purchase: positive,
  expected: fc.record(Object.fromEntries(IDS.map((id) => [id, fc.double({ min: 0, max: 2, noNaN: true })]))),
  noise: positive,
  kinds: fc.record({ level: kind, shown: kind, off: kind, type: kind, own: kind }),
});

/** Of [a | b], by Gauss and Jordan with row exchanges: none of the code under test. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  rows.forEach((_, k) => {
    const pivot = rows.findIndex(
      (row, i) =>
        i >= k && Math.abs(row[k]!) === Math.max(...rows.slice(k).map((each) => Math.abs(each[k]!))),
    );
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    rows.forEach((row, i) => {
      const factor = row[k]! / rows[k]![k]!;
      if (i === k) return;
      for (let j = 0; j < row.length; j++) row[j]! -= factor * rows[k]![j]!;
    });
  });
  return rows.map((row, k) => row.at(-1)! / row[k]!);
}

describe('learning from one shopper', () => {
  it('stays, outcome by outcome, at the mean of ridge regression on all of them', () => {
    fc.assert(
      fc.property(outcomes, adapting, (past, adaptation) => {
        const traits = traitsOf(PROMOTIONS);
        const posterior = priorOf(traits, adaptation.kinds);
        const deviation = ({ action, clicked, bought }: ObservedOutcome): number =>
          (clicked ? adaptation.click : 0) +
          (bought ? adaptation.purchase : 0) -
          adaptation.expected[action]!;
        for (const each of past)
          learn(posterior, traits.of.get(each.action)!, deviation(each), adaptation.noise);
        // (X'X / noise + 1 / variance) w = X'y / noise
        const gram = traits.kinds.map((own, t) =>
          traits.kinds.map((_, u) => (t === u ? 1 / adaptation.kinds[own].variance : 0)),
        );
        const moment = traits.kinds.map(() => 0);
        for (const each of past)
          for (const t of traits.of.get(each.action)!) {
            moment[t]! += deviation(each) / adaptation.noise;
            for (const u of traits.of.get(each.action)!) gram[t]![u]! += 1 / adaptation.noise;
          }
        const mean = solve(gram, moment);
        posterior.mean.forEach((value, t) => {
          expect(Math.abs(value - mean[t]!)).toBeLessThan(1e-6 * (1 + Math.abs(mean[t]!)));
        });
      }),
    );
  });

  it('never moves a value by more than the bound, nor that of showing nothing at all', () => {
    fc.assert(
      fc.property(outcomes, adapting, (past, adaptation) => {
        const by = learnedFrom(past, PROMOTIONS, adaptation);
        expect(Object.keys(by)).toEqual(IDS);
        for (const value of Object.values(by)) expect(Math.abs(value)).toBeLessThanOrEqual(adaptation.bound);
      }),
    );
    const one = { ...WORTHY, kinds: { ...WORTHY.kinds, level: { variance: 9, worth: 0 } } };
    expect(learnedFrom([{ action: 'none', clicked: false, bought: true }], PROMOTIONS, one).none).toBe(0);
  });

  it('adds nothing where shoppers do not differ, and where their differences are worth nothing', () => {
    fc.assert(
      fc.property(outcomes, adapting, fc.constantFrom('variance', 'worth'), (past, adaptation, without) => {
        const kinds = Object.fromEntries(
          TRAIT_KINDS.map((own) => [own, { ...adaptation.kinds[own], [without]: 0 }]),
        ) as Adaptation['kinds'];
        const by = learnedFrom(past, PROMOTIONS, { ...adaptation, kinds });
        expect(Object.values(by).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('takes what one promotion did as a word for its like, and more for itself', () => {
    const by = learnedFrom([{ action: 'ten', clicked: true, bought: false }], PROMOTIONS, WORTHY);
    // Prior covariance with `ten`: itself 4 (shown, off, type, own), twenty 3, ship 2, gift 1, none 0; an outcome's
    // variance is 4 + 1 of level + 1 of noise. The click is 1 where 0.4 was expected.
    expect(by).toEqual({
      none: 0,
      ten: expect.closeTo((4 / 6) * 0.6, 12),
      twenty: expect.closeTo((3 / 6) * 0.6, 12),
      ship: expect.closeTo((2 / 6) * 0.6, 12),
      gift: expect.closeTo((1 / 6) * 0.6, 12),
    });
  });

  it('learns nothing from a promotion that the release does not know', () => {
    const strange = { action: 'riddle', clicked: true, bought: true };
    expect(learnedFrom([strange], PROMOTIONS, WORTHY)).toEqual(learnedFrom([], PROMOTIONS, WORTHY));
    const { ten: _ten, ...expected } = WORTHY.expected;
    const unexpected = { ...WORTHY, expected };
    const known = { action: 'ten', clicked: true, bought: true };
    expect(learnedFrom([known], PROMOTIONS, unexpected)).toEqual(learnedFrom([], PROMOTIONS, unexpected));
  });

  it('adds nothing before the first outcome', () => {
    const traits = traitsOf(PROMOTIONS);
    const by = correctionsOf(traits, priorOf(traits, WORTHY.kinds), WORTHY);
    expect(by).toEqual({ none: 0, ten: 0, twenty: 0, ship: 0, gift: 0 });
  });
});

const WORTHY: Adaptation = {
  bound: 100,
  windowMs: 1000,
  click: 1,
  purchase: 2,
  expected: { none: 0, ten: 0.4, twenty: 0, ship: 0, gift: 0 },
  noise: 1,
  kinds: {
    level: { variance: 1, worth: 0 },
    shown: { variance: 1, worth: 1 },
    off: { variance: 1, worth: 1 },
    type: { variance: 1, worth: 1 },
    own: { variance: 1, worth: 1 },
  },
};

describe('what came of past decisions', () => {
  const at = (ts: number, name: 'purchase' | 'select_promotion', promotion?: string): BehaviourEvent => ({
    visitor: 'v',
    ts,
    name,
    ...(promotion === undefined ? {} : { promotion }),
  });

  it('is a click on the very promotion, and a purchase, before the next decision and within the window', () => {
    const decisions = [
      { ts: 0, action: 'ten' },
      { ts: 100, action: 'gift' },
      { ts: 5000, action: 'none' },
    ];
    const events = [
      at(10, 'select_promotion', 'ten'),
      at(120, 'select_promotion', 'ten'),
      at(130, 'purchase'),
      at(1200, 'purchase'),
      at(6500, 'purchase'),
    ];
    expect(observedOutcomes(decisions, events, 1000, 7000)).toEqual([
      { action: 'ten', clicked: true, bought: false },
      { action: 'gift', clicked: false, bought: true },
      { action: 'none', clicked: false, bought: false },
    ]);
  });

  it('is not known while the window is open', () => {
    const decisions = [{ ts: 0, action: 'ten' }];
    expect(observedOutcomes(decisions, [], 1000, 999)).toEqual([]);
    expect(observedOutcomes(decisions, [], 1000, 1000)).toHaveLength(1);
  });
});
