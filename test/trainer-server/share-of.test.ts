import { expect, it } from 'vitest';
import { shareOf } from '../../trainer-server/share-of.ts';

it('counts down a share of what was left, and a share of that', () => {
  let left = 40;
  const half = shareOf(() => left, 0.5);
  const quarter = shareOf(half, 0.5);
  expect([half(), quarter()]).toEqual([20, 10]);
  left = 30;
  expect([half(), quarter()]).toEqual([10, 0]);
  left = 5;
  expect([half(), quarter()]).toEqual([-15, -25]);
});

it('gives nothing where nothing is left, and all of what has no end', () => {
  expect(shareOf(() => -3, 0.5)()).toBe(-3);
  expect(shareOf(() => Number.POSITIVE_INFINITY, 0.1)()).toBe(Number.POSITIVE_INFINITY);
});
