import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { effectiveSampleSize } from '../../../trainer-server/evaluate/diagnostics.ts';
import { ESTIMATORS } from '../../../trainer-server/evaluate/estimators/index.ts';
import type { Evidence } from '../../../trainer-server/evaluate/evidence.ts';
import { intervalOf } from '../../../trainer-server/evaluate/intervals/index.ts';
import { hasObd, readImpressions, thompsonShares } from '../../helpers/obd.ts';

/** The mean click of what Thompson sampling logged itself: 69 of 10,000. */
const TRUTH = 0.0069;

describe('the Open Bandit sample', () => {
  it.skipIf(!hasObd())(
    `gives the published errors of IPS and SNIPS from random to Thompson sampling${hasObd() ? '' : ' (skipped: data folder obd is missing)'}`,
    () => {
      const shares = thompsonShares(10_000);
      const log = readImpressions('random');
      const count = log.length;
      const evidence: Evidence = {
        count,
        reward: Float64Array.from(log, ({ click }) => click),
        weight: Float64Array.from(
          log,
          ({ item, position, propensity }) => shares[item]![position]! / propensity,
        ),
        fitted: new Float64Array(count),
        direct: new Float64Array(count),
        cluster: Int32Array.from({ length: count }, (_, i) => i),
      };
      // data/README.md: 2,467 and .343, .333, with shares from 100,000 draws; these are from 10,000.
      expect(Math.abs(effectiveSampleSize(evidence) / 2467 - 1)).toBeLessThan(0.02);
      for (const [name, error] of [
        ['ips', 0.343],
        ['snips', 0.333],
      ] as const) {
        const { contributions } = ESTIMATORS.find((known) => known.name === name)!;
        const { value, low, high } = intervalOf(contributions(evidence), evidence.cluster, seeded(1));
        expect(Math.abs((TRUTH - value) / TRUTH - error)).toBeLessThan(0.01);
        expect(low).toBeLessThan(TRUTH);
        expect(high).toBeGreaterThan(TRUTH);
      }
    },
  );
});
