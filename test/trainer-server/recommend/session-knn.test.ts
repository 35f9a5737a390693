import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { SESSION_KNN, SessionKnn } from '../../../trainer-server/recommend/session-knn.ts';
import { trailsOf } from '../../../trainer-server/recommend/trails.ts';

const rowOf = (sku: string): number => 'abcde'.indexOf(sku);
const DAY = 86_400_000;

/** A session each. */
const log = (...sessions: [skus: string, day?: number][]) =>
  trailsOf(
    sessions.flatMap(([skus, day], s) =>
      [...skus].map(
        (sku): BehaviourEvent => ({
          visitor: `${s}`,
          name: 'view_item',
          sku,
          ...(day === undefined ? {} : { ts: day * DAY }),
        }),
      ),
    ),
    rowOf,
  );

describe('SessionKnn', () => {
  it('scores by the weighting of V-SKNN, as worked out by hand', () => {
    // After a, then b: b weighs 1, a 1/2. Similarities: abc 1.5, ad 0.5, be 1. Last common: b (age 0), a (age 1), b.
    const knn = new SessionKnn(log(['abc'], ['ad'], ['be'], ['de']), 5, { ...SESSION_KNN, idf: 0 });
    const scores = [...knn.scores([1, 0])];
    [1.5 + 0.5 * 0.9, 1.5 + 1, 1.5, 0.5 * 0.9, 1].forEach((expected, row) => {
      expect(scores[row]).toBeCloseTo(expected, 6);
    });
    const rare = new SessionKnn(log(['abc'], ['ad'], ['be'], ['de']), 5, { ...SESSION_KNN, idf: 1 });
    expect(rare.scores([1, 0])[2]).toBeCloseTo(1.5 * Math.log(4 / 1), 5);
    expect(rare.scores([1, 0])[4]).toBeCloseTo(1 * Math.log(4 / 2), 5);
  });

  it('compares only the latest sessions, and counts only the nearest', () => {
    const sessions = log(['ab', 1], ['ac', 3], ['ad', 2]);
    const latest = new SessionKnn(sessions, 5, { ...SESSION_KNN, idf: 0, sample: 2 });
    expect([...latest.scores([0])]).toEqual([2, 0, 1, 1, 0]);
    const nearest = new SessionKnn(sessions, 5, { ...SESSION_KNN, idf: 0, neighbours: 1 });
    expect([...nearest.scores([0])]).toEqual([1, 0, 1, 0, 0]);
  });

  it('fades by age and by the distance from the common product', () => {
    const knn = new SessionKnn(log(['abc', 0], ['ad', 30]), 5, {
      ...SESSION_KNN,
      idf: 0,
      fadeDays: 30,
      fadeSteps: 2,
    });
    const scores = knn.scores([0]);
    expect(scores[1]).toBeCloseTo(Math.exp(-1) * Math.exp(-1 / 2), 6);
    expect(scores[2]).toBeCloseTo(Math.exp(-1) * Math.exp(-2 / 2), 6);
    expect(scores[3]).toBeCloseTo(Math.exp(-1 / 2), 6);
  });

  it('has nothing to say of a product that no session holds', () => {
    const knn = new SessionKnn(log(['ab']), 5);
    expect([...knn.scores([4])]).toEqual([0, 0, 0, 0, 0]);
    expect([...knn.scores([])]).toEqual([0, 0, 0, 0, 0]);
  });
});
