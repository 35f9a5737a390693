import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { seeded } from '../../../shared/random.ts';
import {
  NO_PAST,
  pastOf,
  readPast,
  withoutAnswers,
  writePast,
} from '../../../trainer-server/recommend/past.ts';
import { trailsOf } from '../../../trainer-server/recommend/trails.ts';

const view = (visitor: string, sku: string, ts: number): BehaviourEvent => ({
  visitor,
  name: 'view_item',
  sku,
  ts,
  session: 'monday',
});
const products = ['a', 'b', 'c', 'd'].map((sku) => ({ sku, title: '', category: [] }));
const rowOf = (sku: string): number => products.findIndex((product) => product.sku === sku);
/** Twenty shoppers who view a, b, c; what they viewed last is held out. */
const shoppers = Array.from({ length: 20 }, (_, i) => `shopper ${i}`);
const split = {
  train: shoppers.flatMap((name) => [view(name, 'a', 1000), view(name, 'b', 4000)]),
  cases: shoppers.map((name) => ({
    history: [view(name, 'a', 1000), view(name, 'b', 4000)],
    target: rowOf('c'),
  })),
};

describe('what a release keeps of its period', () => {
  it('asks half of the held-out cases, and chooses by none of those that it reports', () => {
    const { past, cases } = pastOf(split, products, NO_PAST, seeded('past'));
    expect(cases).toHaveLength(10);
    expect(past.choosing).toHaveLength(5);
    expect(past.asked).toHaveLength(5);
    expect(past.asked[0]!.target).toBe('c');
  });

  it('keeps times since the first event, and no shopper', () => {
    const { past } = pastOf(split, products, NO_PAST, seeded('past'));
    expect(past.visits).toHaveLength(20);
    expect(past.visits[0]!.map(({ visitor, ts, session }) => ({ visitor, ts, session }))).toEqual([
      { visitor: '', ts: 0, session: undefined },
      { visitor: '', ts: 3000, session: undefined },
    ]);
  });

  it('goes on holding earlier periods, within its bounds', () => {
    const older = { visits: Array.from({ length: 3000 }, () => [view('', 'd', 0)]), choosing: [], asked: [] };
    const { past } = pastOf(split, products, older, seeded('past'));
    expect(past.visits).toHaveLength(2000);
    expect(past.visits.filter(([first]) => first!.sku === 'd').length).toBeGreaterThan(1900);
  });

  it('reads what it wrote, and nothing where an earlier release wrote nothing', () => {
    const { past } = pastOf(split, products, NO_PAST, seeded('past'));
    expect(readPast(writePast(past))).toEqual(past);
    expect(readPast(undefined)).toEqual(NO_PAST);
  });
});

describe('counts that questions are asked of', () => {
  it('do not hold the answers, but what came before them', () => {
    const log = [view('x', 'c', 500), view('x', 'a', 1000), view('x', 'b', 4000), view('x', 'c', 6000)];
    const other = [view('y', 'a', 1000), view('y', 'c', 2000)];
    const trails = trailsOf([...log, ...other], rowOf);
    const asked = [{ history: log.slice(0, 3), target: rowOf('c') }];
    const [x, y] = withoutAnswers(trails, asked);
    expect([...x!.rows]).toEqual(['c', 'a', 'b'].map(rowOf));
    expect([...x!.times]).toEqual([500, 1000, 4000]);
    expect([...x!.sessions]).toHaveLength(3);
    expect(y).toEqual(trails[1]);
  });
});
