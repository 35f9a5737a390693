import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/decide.ts';
import { withOwn } from '../../../shared/policy/own-correction.ts';
import { seeded } from '../../../shared/random.ts';
import { ENGINE, MODEL, requestOf } from '../../helpers/policy.ts';

const run = (own: Record<string, number> | undefined, ownBound: number | undefined, seed = 1) =>
  decide(
    requestOf(own === undefined ? {} : { own }),
    ownBound === undefined ? MODEL : { ...MODEL, ownBound },
    ENGINE,
    { random: seeded(seed), clock: () => 0 },
  );

describe('what a device has learned', () => {
  it('changes nothing under a release that has devices learn nothing, nor before anything is learned', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const frozen = await run(undefined, undefined, seed);
      expect(await run({ 'ten-off': 100 }, undefined, seed)).toEqual(frozen);
      expect(await run(undefined, 100, seed)).toEqual(frozen);
      expect(await run({ none: 0, 'ten-off': 0, 'tea-20': 0 }, 100, seed)).toEqual(frozen);
    }
  });

  it('moves values by itself, and no further than the release allows', async () => {
    expect((await run({ 'ten-off': 2 }, 4)).values).toEqual({ none: 0, 'ten-off': 7, 'tea-20': 8 });
    expect((await run({ 'ten-off': 20 }, 4)).values).toEqual({ none: 0, 'ten-off': 9, 'tea-20': 8 });
  });

  it('moves no value by more than the bound, whatever stands in the store', () => {
    const anything = fc.dictionary(fc.string(), fc.anything());
    fc.assert(
      fc.property(anything, fc.double({ min: 0, max: 10, noNaN: true }), (own, bound) => {
        const ids = [...Object.keys(own), 'constructor', '__proto__', 'tea'].map((id) => ({ id }));
        const q = ids.map((_, i) => i);
        const moved = withOwn(q, ids, own as Record<string, number>, bound);
        moved.forEach((value, i) => {
          expect(Math.abs(value - q[i]!)).toBeLessThanOrEqual(bound * (1 + 1e-9) + 1e-9);
        });
      }),
    );
  });

  it('is in the propensity that is logged', async () => {
    const counts: Record<string, number> = {};
    const propensity: Record<string, number> = {};
    for (let i = 0; i < 2000; i++) {
      const { action, propensity: p } = await run({ 'ten-off': 3.5, 'tea-20': -1 }, 4, i);
      counts[action] = (counts[action] ?? 0) + 1;
      propensity[action] = p;
    }
    const known = Object.entries(propensity);
    expect(known.reduce((sum, [, p]) => sum + p, 0)).toBeCloseTo(1, 9);
    for (const [action, p] of known)
      expect(Math.abs(counts[action]! / 2000 - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 2000) + 1e-9);
    // 8.5 against 7: what was second best is chosen most.
    expect(propensity['ten-off']).toBeGreaterThan(propensity['tea-20']!);
  });

  it('never brings back what a mask forbids', async () => {
    const request = requestOf({ own: { 'tea-20': 4 }, dismissed: ['tea-20'] });
    const { values } = await decide(request, { ...MODEL, ownBound: 4 }, ENGINE, {
      random: seeded(1),
      clock: () => 0,
    });
    expect(values).toEqual({ none: 0, 'ten-off': 5 });
  });
});
