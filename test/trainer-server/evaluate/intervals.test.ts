import { describe, expect, it } from 'vitest';
import { type Random, seeded } from '../../../shared/random.ts';
import { bootstrap } from '../../../trainer-server/evaluate/bootstrap.ts';
import { doublyRobust } from '../../../trainer-server/evaluate/estimators/doubly-robust.ts';
import { ips } from '../../../trainer-server/evaluate/estimators/ips.ts';
import { clusterSums, quantile, standardError } from '../../../trainer-server/evaluate/intervals/clusters.ts';
import { INTERVALS } from '../../../trainer-server/evaluate/intervals/index.ts';
import { normalCdf, normalQuantile } from '../../../trainer-server/evaluate/intervals/normal.ts';
import { banditLog, evidence, TRUTH } from '../../helpers/bandit-log.ts';

const plain = (part: number[]) => ({
  part: Float64Array.from(part),
  per: new Float64Array(part.length).fill(1),
});
const apart = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

/** How often the interval lies wholly above or below the truth, in per cent. */
function misses(method: string, logs: number, n: number, draw: (random: Random) => number, truth: number) {
  const { interval } = INTERVALS.find(({ name }) => name === method)!;
  const out = { above: 0, below: 0 };
  for (let seed = 0; seed < logs; seed++) {
    const random = seeded(`misses/${seed}`);
    const sums = clusterSums(plain(Array.from({ length: n }, () => draw(random))), apart(n));
    const { low, high } = interval(sums, random.fork('interval'), { level: 0.95, resamples: 199 });
    if (truth < low) out.above += 100 / logs;
    if (truth > high) out.below += 100 / logs;
  }
  return out;
}

describe('intervals', () => {
  it('have the standard error of the textbook', () => {
    // Mean 3, sum of squares 10 around it: sqrt(10 / 4 / 5).
    expect(standardError(clusterSums(plain([1, 2, 3, 4, 5]), apart(5)))).toBeCloseTo(Math.sqrt(0.5), 12);
    // Two visitors with sums 3 and 12 over 2 and 3 decisions: value 3, residuals -3 and 3, over a mean of 2.5.
    const two = clusterSums(plain([1, 2, 3, 4, 5]), [7, 7, 9, 9, 9]);
    expect(two.value).toBe(3);
    expect(standardError(two)).toBeCloseTo(Math.sqrt(18 / (2 * 1)) / 2.5, 12);
  });

  it('know the normal distribution', () => {
    // NIST Handbook, tables 1.3.6.7.1; tails by R.
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 12);
    expect(normalCdf(-4)).toBeCloseTo(3.167124183311992e-5, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 8);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
  });

  it('hold the truth about as often as they say, on a well-behaved log', () => {
    let held = 0;
    const logs = 200;
    for (let seed = 0; seed < logs; seed++) {
      const log = banditLog(seed, 300, [1, 3]);
      const { low, high } = bootstrap(doublyRobust.contributions(log), log.cluster, seeded(seed), 200);
      if (low <= TRUTH && TRUTH <= high) held++;
    }
    // Binomial around 0.95 with 200 draws: four standard errors, and the bootstrap's own smallness.
    expect(held / logs).toBeGreaterThan(0.88);
  });

  it('miss on both sides alike on skewed rewards when studentised, and not as percentiles', () => {
    // Log-normal of sigma 1: mean exp(1/2). 300 logs: a standard error of 0.9 points around 2.5.
    const draw = (random: Random) => Math.exp(random.normal());
    const t = misses('studentised', 300, 80, draw, Math.exp(0.5));
    const percentiles = misses('percentile', 300, 80, draw, Math.exp(0.5));
    expect(t.below).toBeLessThan(5.5);
    expect(t.above).toBeLessThan(5.5);
    expect(percentiles.below).toBeGreaterThan(t.below);
    const corrected = misses('bca', 300, 80, draw, Math.exp(0.5));
    expect(corrected.below).toBeLessThanOrEqual(percentiles.below);
  });

  it('hold on every sample size by the Bernstein bound, and pay for it in width', () => {
    const draw = (random: Random) => (random.next() < 0.3 ? 1 : 0);
    const { above, below } = misses('bernstein', 300, 30, draw, 0.3);
    expect(above + below).toBeLessThan(5);
    const sums = clusterSums(plain(Array.from({ length: 100 }, (_, i) => (i % 10 < 3 ? 1 : 0))), apart(100));
    const width = (name: string) => {
      const method = INTERVALS.find((known) => known.name === name)!;
      const { low, high } = method.interval(sums, seeded(1), { level: 0.95, resamples: 399 });
      return high - low;
    };
    expect(width('bernstein')).toBeGreaterThan(1.5 * width('studentised'));
    // By hand: variance 21 / 99, range 1, log 80: 2 (sqrt(2 * 0.2121 * 4.382 / 100) + 7 * 4.382 / 297).
    expect(width('bernstein')).toBeCloseTo(
      2 * (Math.sqrt((2 * (21 / 99) * Math.log(80)) / 100) + (7 * Math.log(80)) / 297),
      9,
    );
  });

  it('are wider at a higher level, and equal for equal seeds', () => {
    const sums = clusterSums(ips.contributions(banditLog(3, 200, [0, 0])), apart(200));
    for (const { interval } of INTERVALS) {
      const at = (level: number) => interval(sums, seeded(2), { level, resamples: 399 });
      expect(at(0.99).high - at(0.99).low).toBeGreaterThan(at(0.8).high - at(0.8).low);
      expect(at(0.9)).toEqual(at(0.9));
    }
  });

  it('draw visitors and not decisions: repeating every decision of a visitor narrows nothing', () => {
    const single = banditLog(1, 200, [1, 3]);
    const twice = evidence(
      [0, 1].flatMap(() =>
        Array.from({ length: 200 }, (_, i) => ({ reward: single.reward[i]!, weight: single.weight[i]! })),
      ),
    );
    twice.cluster = Int32Array.from({ length: 400 }, (_, i) => i % 200);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const one = width(bootstrap(ips.contributions(single), single.cluster, seeded(1)));
    const two = width(bootstrap(ips.contributions(twice), twice.cluster, seeded(1)));
    expect(two / one).toBeGreaterThan(0.85);
    expect(two / one).toBeLessThan(1.15);
  });
});
