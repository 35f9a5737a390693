import { describe, expect, it } from 'vitest';
import { type priorOf, TRAIT_KINDS, type TraitKind, traitsOf } from '../../../shared/policy/adaptation.ts';
import { seeded } from '../../../shared/random.ts';
import {
  beliefsOf,
  type Deviations,
  variancesOf,
  worthOf,
} from '../../../trainer-server/policy/own-deviations.ts';

const TRAITS = traitsOf([
  { id: 'none', terms: { type: 'none' } },
  { id: 'ten', terms: { type: 'percentage', percent: 10 } },
  { id: 'twenty', terms: { type: 'percentage', percent: 20 } },
  { id: 'ship', terms: { type: 'free_shipping' } },
  { id: 'gift', terms: { type: 'gift' } },
  { id: 'voucher', terms: { type: 'gift' } },
  { id: 'message', terms: { type: 'message' } },
]);
const IDS = [...TRAITS.of.keys()];

const TRUE = { level: 0.5, shown: 0.3, off: 0.2, type: 0.4, own: 0.25 };
const NOISE = 1;
const WORTH = { level: 0, shown: 1, off: 0, type: 2, own: 3 };

/** Shoppers drawn from the model: its variances times `size`, what they are worth times `worth`. */
function shoppers(seed: number, count: number, size = 1, worth = 1): Deviations[] {
  const random = seeded(`shoppers ${seed}`);
  return Array.from({ length: count }, (_, fold) => {
    const w = TRAITS.kinds.map((kind) => Math.sqrt(size * TRUE[kind]) * random.normal());
    const traits = Array.from(
      { length: 2 + random.int(14) },
      () => TRAITS.of.get(IDS[random.int(IDS.length)]!)!,
    );
    const total = (own: readonly number[], by: (kind: TraitKind) => number): number =>
      own.reduce((sum, t) => sum + by(TRAITS.kinds[t]!) * w[t]!, 0);
    return {
      fold,
      traits,
      deviation: traits.map((own) => total(own, () => 1) + Math.sqrt(NOISE) * random.normal()),
      unexplained: traits.map((own) => worth * total(own, (kind) => WORTH[kind]) + 5 * random.normal()),
    };
  });
}

const kindsOf = (variances: Record<TraitKind, number>) =>
  Object.fromEntries(
    TRAIT_KINDS.map((kind) => [kind, { variance: variances[kind], worth: 0 }]),
  ) as Parameters<typeof priorOf>[1];

describe('how far shoppers differ', () => {
  it('is what they were drawn with', () => {
    const runs = Array.from({ length: 10 }, (_, seed) => variancesOf(shoppers(seed, 1200), TRAITS));
    for (const kind of TRAIT_KINDS) {
      const found = runs.map(({ variances }) => variances[kind]);
      const mean = found.reduce((a, b) => a + b, 0) / found.length;
      const deviation = Math.sqrt(found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (found.length - 1));
      expect(Math.abs(mean - TRUE[kind]), kind).toBeLessThan((4 * deviation) / Math.sqrt(found.length));
      expect(mean, kind).toBeGreaterThan(TRUE[kind] / 2);
    }
    const noise = runs.reduce((sum, run) => sum + run.noise, 0) / runs.length;
    expect(noise).toBeGreaterThan(0.8 * NOISE);
    expect(noise).toBeLessThan(1.2 * NOISE);
  });

  it('is next to nothing where they are all alike, and never below it', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { variances, noise } = variancesOf(shoppers(seed, 1500, 0), TRAITS);
      for (const kind of TRAIT_KINDS) {
        expect(variances[kind]).toBeGreaterThanOrEqual(0);
        expect(variances[kind]).toBeLessThan(0.1);
      }
      expect(noise).toBeCloseTo(NOISE, 1);
    }
  });

  it('is told of one promotion of each type too, where type and promotion cannot be told apart', () => {
    const each = traitsOf([
      { id: 'none', terms: { type: 'none' } },
      { id: 'ship', terms: { type: 'free_shipping' } },
      { id: 'gift', terms: { type: 'gift' } },
    ]);
    const random = seeded('each');
    const lives = Array.from({ length: 3000 }, (_, fold): Deviations => {
      const w = [0, random.normal(), random.normal()];
      const shown = Array.from({ length: 8 }, () => random.int(3));
      return {
        fold,
        traits: shown.map((at) => each.of.get(['none', 'ship', 'gift'][at]!)!),
        deviation: shown.map((at) => w[at]! + random.normal()),
        unexplained: shown.map(() => 0),
      };
    });
    const { variances } = variancesOf(lives, each);
    expect(variances.type + variances.own + variances.off + variances.shown).toBeGreaterThan(0.8);
    expect(variances.type + variances.own).toBeLessThan(1.3);
  });
});

describe('what believed differences are worth', () => {
  const worth = (lives: Deviations[]) => {
    const { variances, noise } = variancesOf(lives, TRAITS);
    return worthOf(beliefsOf(lives, TRAITS, kindsOf(variances), noise), { folds: 3, penalty: 1 });
  };

  it('is what they bring, by kind of trait', () => {
    const { worth: found, errors } = worth(shoppers(1, 4000));
    expect(errors).toBeGreaterThan(4);
    expect(found.level).toBe(0);
    // Beliefs are posterior means, so that what they explain is explained at the true worth.
    expect(found.type! + found.own!).toBeGreaterThan(3.5);
    expect(found.type! + found.own!).toBeLessThan(6.5);
    expect(found.off!).toBeLessThan(1);
  });

  it('is seldom thought to be anything where it is nothing', () => {
    const runs = Array.from({ length: 24 }, (_, seed) => worth(shoppers(100 + seed, 300, 1, 0)));
    const claimed = runs.filter(({ errors }) => errors >= 2).length;
    // One-sided 2.3 %: more than four of 24 would be one chance in five thousand.
    expect(claimed).toBeLessThanOrEqual(4);
    for (const { worth: found } of runs)
      for (const value of Object.values(found)) expect(value).toBeGreaterThanOrEqual(0);
  });
});
