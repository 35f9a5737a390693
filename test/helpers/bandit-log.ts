/** Evidence written down by hand, and drawn from a bandit of known value. */

import { seeded } from '../../shared/random.ts';
import type { Evidence } from '../../trainer-server/evaluate/evidence.ts';

export function evidence(
  rows: { reward: number; weight: number; fitted?: number; direct?: number }[],
): Evidence {
  return {
    count: rows.length,
    reward: Float64Array.from(rows, ({ reward }) => reward),
    weight: Float64Array.from(rows, ({ weight }) => weight),
    fitted: Float64Array.from(rows, ({ fitted = 0 }) => fitted),
    direct: Float64Array.from(rows, ({ direct = 0 }) => direct),
    cluster: Int32Array.from(rows, (_, i) => i),
  };
}

/** A log of a two-armed bandit: p(1) = 0.8 logged, 0.3 by the target; arm 0 pays 1 + noise, arm 1 pays 3 + noise. */
export const TRUTH = 0.7 * 1 + 0.3 * 3;
export function banditLog(seed: number, count: number, model: [number, number]): Evidence {
  const random = seeded(`bandit/${seed}`);
  return evidence(
    Array.from({ length: count }, () => {
      const arm = random.next() < 0.8 ? 1 : 0;
      return {
        reward: (arm === 1 ? 3 : 1) + 2 * random.normal(),
        weight: arm === 1 ? 0.3 / 0.8 : 0.7 / 0.2,
        fitted: model[arm]!,
        direct: 0.7 * model[0] + 0.3 * model[1],
      };
    }),
  );
}
