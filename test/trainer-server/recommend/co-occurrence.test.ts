import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { addNeighbours } from '../../../shared/recommend/relation.ts';
import {
  COUNTING_OPTIONS,
  countBefore,
  countNext,
  countPopularity,
  countTogether,
} from '../../../trainer-server/recommend/co-occurrence.ts';
import { trailsOf } from '../../../trainer-server/recommend/trails.ts';

const DAY = 86_400_000;
const skus = ['a', 'b', 'c', 'd'];
const rowOf = (sku: string): number | undefined => (skus.includes(sku) ? skus.indexOf(sku) : undefined);
const walk = (visitor: string, text: string, ts?: number): BehaviourEvent[] =>
  [...text].map((sku) => ({ visitor, name: 'view_item', sku, ...(ts === undefined ? {} : { ts }) }));

describe('trailsOf', () => {
  it('leaves out unknown products and impressions, and lets a repeated product stand once', () => {
    const events: BehaviourEvent[] = [
      ...walk('v', 'aaz'),
      { visitor: 'v', name: 'view_item_list', items: [{ sku: 'd', quantity: 1 }] },
      {
        visitor: 'v',
        name: 'purchase',
        items: [
          { sku: 'b', quantity: 1 },
          { sku: 'c', quantity: 1 },
        ],
      },
      { visitor: 'v', name: 'refund', sku: 'd' },
    ];
    expect([...trailsOf(events, rowOf)[0]!.rows]).toEqual([0, 1, 2]);
  });

  it('starts a session after half an hour, and where the log says so', () => {
    const late = [...walk('v', 'ab', 0), ...walk('v', 'c', 31 * 60_000)];
    expect([...trailsOf(late, rowOf)[0]!.sessions]).toEqual([0, 0, 1]);
    const named = [...walk('v', 'a'), ...walk('v', 'b')].map((event, i) => ({ ...event, session: `s${i}` }));
    expect([...trailsOf(named, rowOf)[0]!.sessions]).toEqual([0, 1]);
  });
});

describe('countNext', () => {
  it('weighs the d-th step by 1/d, as worked out by hand', () => {
    // a b c: from a, b weighs 1 and c 1/2; from b, c weighs 1. One observation of half trust 1: trusted 1/2.
    const relation = countNext(trailsOf(walk('v', 'abc'), rowOf), 4, COUNTING_OPTIONS);
    const scores = new Float32Array(4);
    addNeighbours(scores, relation, 0, 1);
    expect(scores[1]).toBeCloseTo((1 / 2) * (2 / 3), 2);
    expect(scores[2]).toBeCloseTo((1 / 2) * (1 / 3), 2);
    expect(scores[0]).toBe(0);
    const none = new Float32Array(4);
    addNeighbours(none, relation, 3, 1);
    expect([...none]).toEqual([0, 0, 0, 0]);
  });

  it('does not lead from one session into the next', () => {
    const events = [...walk('v', 'a', 0), ...walk('v', 'b', DAY)];
    const relation = countNext(trailsOf(events, rowOf), 4, COUNTING_OPTIONS);
    expect([...relation.index].every((row) => row === -1)).toBe(true);
  });

  it('lets old observations fade by half in a half-life', () => {
    const events = [...walk('u', 'ab', 0), ...walk('v', 'ac', 30 * DAY)];
    const relation = countNext(trailsOf(events, rowOf), 4, { ...COUNTING_OPTIONS, halfLifeDays: 30 });
    expect([...relation.index.slice(0, 2)]).toEqual([2, 1]);
    expect(relation.weight[1]! / relation.weight[0]!).toBeCloseTo(1 / 2, 2);
  });
});

describe('countBefore', () => {
  it('is what came before, nearer steps weighing more', () => {
    const relation = countBefore(trailsOf(walk('v', 'abc'), rowOf), 4, COUNTING_OPTIONS);
    const scores = new Float32Array(4);
    addNeighbours(scores, relation, 2, 1);
    expect(scores[1]).toBeCloseTo((1 / 2) * (2 / 3), 2);
    expect(scores[0]).toBeCloseTo((1 / 2) * (1 / 3), 2);
  });

  it('lets visitors fade by their place where a log has no times', () => {
    const events = [...walk('u', 'ba'), ...walk('v', 'ca')];
    const relation = countBefore(trailsOf(events, rowOf), 4, { ...COUNTING_OPTIONS, halfLifeShare: 0.5 });
    // One visitor of two is half of the log: a half-life.
    expect([...relation.index.slice(0, 2)]).toEqual([2, 1]);
    expect(relation.weight[1]! / relation.weight[0]!).toBeCloseTo(1 / 2, 2);
  });
});

describe('countTogether', () => {
  it('counts both ways and divides a common product down', () => {
    // a with b twice and with c once; b is touched 4 times in all, c once.
    const events = [
      ...walk('1', 'ab'),
      ...walk('2', 'ba'),
      ...walk('3', 'ca'),
      ...walk('4', 'b'),
      ...walk('5', 'b'),
    ];
    const trails = trailsOf(events, rowOf);
    const plain = countTogether(trails, 4, { ...COUNTING_OPTIONS, popularityExponent: 0 });
    expect(plain.weight[1]! / plain.weight[0]!).toBeCloseTo(1 / 2, 2);
    // With exponent 1: 2/5 against 1/2, so c comes first.
    const lift = countTogether(trails, 4, { ...COUNTING_OPTIONS, popularityExponent: 1 });
    expect([...lift.index.slice(0, 2)]).toEqual([2, 1]);
    expect(lift.weight[1]! / lift.weight[0]!).toBeCloseTo(0.4 / 0.5, 2);
  });

  it('keeps the strongest neighbours only', () => {
    const relation = countTogether(trailsOf(walk('v', 'abcd'), rowOf), 4, { ...COUNTING_OPTIONS, width: 2 });
    expect(relation.width).toBe(2);
    expect(relation.index).toHaveLength(8);
  });
});

describe('countPopularity', () => {
  it('counts touches, decayed before the newest', () => {
    const trails = trailsOf(
      [...walk('u', 'a', 0), ...walk('v', 'a', 10 * DAY), ...walk('w', 'b', 10 * DAY)],
      rowOf,
    );
    expect([...countPopularity(trails, 4, 10)]).toEqual([1.5, 1, 0, 0]);
  });
});
