import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { PARTS, type Part } from '../../../shared/recommend/parts.ts';
import { rankUnder, type ScoredCase, worthOf } from '../../../trainer-server/recommend/blend-case.ts';
import { blendQuality, fitBlend } from '../../../trainer-server/recommend/fit-blend.ts';

const available = new Set<Part>(['next', 'together', 'popularity']);

/** Cases in which each part knows the answer with its own chance, independently, and else ranks at random. */
function cases(chances: Partial<Record<Part, number>>, count: number): ScoredCase[] {
  const random = seeded('blend');
  return Array.from({ length: count }, () => ({
    context: 1,
    parts: PARTS.map((part) => {
      const chance = chances[part];
      if (chance === undefined) return new Float32Array(40);
      const scores = Float32Array.from({ length: 40 }, () => random.next() / 40);
      if (random.next() < chance) scores[0] = 0.5;
      return scores;
    }),
  }));
}

const alone = (part: Part): number[] => PARTS.map((other) => (other === part ? 1 : 0));

describe('fitBlend', () => {
  it('beats each part where they know different things', () => {
    const held = cases({ next: 0.5, together: 0.4, popularity: 0.02 }, 400);
    const blend = fitBlend(held, available);
    const best = Math.max(
      ...[...available].map((part) =>
        blendQuality(
          held,
          blend.map(() => alone(part)),
        ),
      ),
    );
    expect(blendQuality(held, blend)).toBeGreaterThan(best * 1.2);
  });

  it('is no worse than the best part where the others know nothing', () => {
    const held = cases({ next: 0.6, together: 0, popularity: 0 }, 300);
    const blend = fitBlend(held, available);
    expect(blendQuality(held, blend)).toBeGreaterThanOrEqual(
      blendQuality(
        held,
        blend.map(() => alone('next')),
      ) - 0.01,
    );
  });

  it('gives weights that sum to one, none to a part that was not trained, some to popularity', () => {
    for (const weights of fitBlend(cases({ next: 0.5, popularity: 0.1 }, 200), available)) {
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(weights[PARTS.indexOf('session')]).toBe(0);
      expect(weights[PARTS.indexOf('popularity')]).toBeGreaterThan(0);
    }
  });

  it('serves guests by popularity where nothing was held out', () => {
    const [guest] = fitBlend([], available);
    expect(guest![PARTS.indexOf('popularity')]).toBe(1);
  });
});

describe('rankUnder', () => {
  it('counts equal scores before the target', () => {
    const parts = PARTS.map(() => Float32Array.of(0.2, 0.2, 0.1));
    expect(rankUnder({ context: 0, parts }, alone('next'))).toBe(2);
  });

  it('is worth a hit and its reciprocal', () => {
    expect([1, 4, 10, 20, 21].map(worthOf)).toEqual([2, 1.25, 1.1, 0.05, 0]);
  });
});
