import { describe, expect, it } from 'vitest';
import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import type { TextPair } from '../../../trainer-server/dataset/rows.ts';
import { bestThreshold, fitMatcher } from '../../../trainer-server/matching/fit-matcher.ts';
import { Matcher } from '../../../trainer-server/matching/matcher.ts';
import { SILENT } from '../../../trainer-server/progress.ts';

const THINGS = ['mug', 'lamp', 'chair', 'kettle', 'clock', 'scarf', 'table', 'shelf', 'mirror', 'towel'];
const MAKERS = ['acme', 'borg', 'cara', 'dune', 'elbe', 'faro'];

/**
 * Two shops' words for one thing: the second adds noise and its own article number. Another version is another product,
 * however alike the names are; packaging is none.
 */
function world(count: number, seed: string): TextPair[] {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  const product = (words: readonly (string | number)[], price: number): Product => ({
    sku: '?',
    title: words.join(' '),
    category: [],
    price: Math.round(price * (0.8 + 0.4 * random.next())),
  });
  return Array.from({ length: count }, (_, i) => {
    const [maker, thing, version] = [pick(MAKERS), pick(THINGS), 1 + random.int(9)];
    const price = 1000 + random.int(9000);
    const label = i % 4 === 0 ? 1 : 0;
    const other = label === 1 ? version : 1 + ((version + random.int(7)) % 9);
    const noise = [pick(['new', 'boxed', 'sale']), 10_000 + random.int(80_000)];
    return {
      a: product([maker, thing, version], price),
      b: product([maker, ...noise.slice(0, 1), thing, other, ...noise.slice(1)], price),
      label: other === version ? 1 : 0,
    } as TextPair;
  });
}

const matcherOf = (pairs: TextPair[], seconds = Number.POSITIVE_INFINITY) =>
  fitMatcher(pairs, [], { random: seeded('matcher'), progress: SILENT, deadline: () => seconds });

describe('the same-product matcher', () => {
  const fitted = matcherOf(world(800, 'learn'))!;

  it('learns that another version is another product, where plain likeness of words does not tell', () => {
    const matcher = new Matcher(fitted.model);
    const asked = world(300, 'asked');
    const told = asked.map(({ a, b, label }) => ({ ...matcher.match(a, b), label }));
    const right = told.filter(({ same, label }) => same === (label === 1)).length / asked.length;
    expect(right).toBeGreaterThan(0.95);
    for (const { chance, same } of told) expect(same).toBe(chance >= fitted.model.threshold);
  });

  it('says of pairs that it left out what holds of pairs that it never saw', () => {
    expect(fitted.report).toMatchObject({ pairs: 800 });
    expect(fitted.report.f1).toBeGreaterThan(0.9);
  });

  it('is left out where people labelled only what is one product, or hardly anything', () => {
    expect(matcherOf(world(200, 'one').map((pair) => ({ ...pair, label: 1 })))).toBeUndefined();
    expect(matcherOf(world(30, 'few'))).toBeUndefined();
  });

  it('reads fewer pairs where little time is left, and none where there is none', () => {
    expect(matcherOf(world(400, 'time'), 5)!.report.pairs).toBe(225);
    expect(matcherOf(world(400, 'time'), -1)).toBeUndefined();
  });
});

describe('the threshold', () => {
  it('is where F1 is largest: of 0.9+, 0.8-, 0.7+, 0.2- the first three are called, F1 = 4 / 5', () => {
    const best = bestThreshold([0.9, 0.8, 0.7, 0.2], [1, 0, 1, 0]);
    expect(best.threshold).toBeCloseTo(0.45, 9);
    expect(best).toMatchObject({ f1: 0.8, precision: 2 / 3, recall: 1 });
  });

  it('never cuts between equal chances', () => {
    expect(bestThreshold([0.5, 0.5, 0.1], [1, 0, 0]).threshold).toBeCloseTo(0.3, 9);
  });
});
