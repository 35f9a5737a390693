import { expect, it } from 'vitest';
import { selfTrained } from '../../../trainer-server/recommend/self-training.ts';

/** Numbers below 0 are of class 0; confidence grows with the distance from 0. */
const says = (_: number, one: number) => ({ label: Number(one > 0), confidence: Math.abs(one) });
const numbers = [-1, 5, -3, 2, 4, -2, 1, 3, -4];

it('takes the surest answers of each class, more of them every round', () => {
  const taken: number[][] = [];
  const rounds = selfTrained(
    0,
    numbers,
    says,
    (guessed) => {
      taken.push(guessed.map(({ one }) => one).sort((a, b) => a - b));
      expect(guessed.every(({ one, label }) => label === Number(one > 0))).toBe(true);
      return taken.length;
    },
    { rounds: 2, share: 0.8 },
  );
  // Of 5 and of 4: two and two at 0.4, four and four at 0.8.
  expect(taken).toEqual([
    [-4, -3, 4, 5],
    [-4, -3, -2, -1, 2, 3, 4, 5],
  ]);
  expect(rounds).toBe(2);
});

it('gives the last finished round where time runs out, the first model where there is nothing to guess', () => {
  let left = 2;
  const fit = () => (--left > 0 ? left : undefined);
  expect(selfTrained(9, numbers, says, fit, { rounds: 3, share: 1 })).toBe(1);
  expect(selfTrained(9, [], says, fit, { rounds: 3, share: 1 })).toBe(9);
});
