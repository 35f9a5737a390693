import { describe, expect, it } from 'vitest';
import { hash32, seeded, shuffle } from '../../shared/random.ts';

describe('seeded random numbers', () => {
  it('repeats for a seed and differs between seeds and forks', () => {
    const take = (seed: number): number[] => {
      const random = seeded(seed);
      return [random.next(), random.next(), random.next()];
    };
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    const root = seeded(1);
    expect(root.fork('a').next()).toBe(seeded(1).fork('a').next());
    expect(root.fork('a').next()).not.toBe(root.fork('b').next());
  });

  it('is uniform: sixteen bins of 160,000 draws stay within a chi-square of 15 degrees of freedom', () => {
    const random = seeded('uniform');
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 160_000; i++) bins[random.int(16)]!++;
    const chi = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.99 % quantile of chi-square with 15 degrees of freedom: 44.26.
    expect(chi).toBeLessThan(44.26);
  });

  it('draws normals of mean 0 and variance 1', () => {
    const random = seeded('normal');
    const draws = Array.from({ length: 100_000 }, () => random.normal());
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    // Four standard errors: 4 / sqrt(n) and 4 * sqrt(2 / n).
    expect(Math.abs(mean)).toBeLessThan(0.0127);
    expect(Math.abs(variance - 1)).toBeLessThan(0.0179);
  });

  it('shuffles without losing anything', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = shuffle([...items], seeded(3));
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  it('hashes by FNV-1a', () => {
    // Published FNV-1a 32-bit test vectors (Noll): "", "a", "foobar".
    expect([hash32(''), hash32('a'), hash32('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
});
