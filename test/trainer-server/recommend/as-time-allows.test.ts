import { describe, expect, it } from 'vitest';
import { asTimeAllows } from '../../../trainer-server/recommend/as-time-allows.ts';

const all = [...'abcdefgh'];

describe('asTimeAllows', () => {
  it('asks everything in time', () => {
    expect(
      asTimeAllows(
        all,
        () => 1,
        (one, place) => `${one}${place}`,
        2,
      ),
    ).toEqual(all.map((one, place) => `${one}${place}`));
  });

  it('stops where time has run out, but never before the least', () => {
    let left = 5;
    const deadline = (): number => left;
    const ask = (one: string): string => {
      left--;
      return one;
    };
    expect(asTimeAllows(all, deadline, ask, 2).join('')).toBe('abcde');
    expect(asTimeAllows(all, deadline, ask, 2).join('')).toBe('ab');
    expect(asTimeAllows(all.slice(0, 1), deadline, ask, 2)).toEqual(['a']);
  });
});
