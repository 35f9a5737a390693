import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../shared/privacy/report.ts';
import { seeded } from '../../../shared/random.ts';
import {
  type CanaryReport,
  judgeCanary,
  REPORT_RULE,
} from '../../../trainer-server/feedback/judge-canary.ts';
import type { BitCount } from '../../../trainer-server/store/private-reports.ts';

/** As many ones as reports of this true value give on average. */
function bits(value: number, reports: number, bound = 1): BitCount {
  const p = Math.E / (1 + Math.E);
  return { reports, ones: Math.round(reports * (1 - p + (value / bound) * (2 * p - 1))) };
}

const judge = (...counts: Partial<Record<Arm, BitCount>>[]) =>
  judgeCanary(
    {
      privateReports: { counts: (_, version) => counts[version]!, add: () => undefined, releases: () => [] },
    },
    'demo',
    counts.map((_, version) => version),
  );

/** Truth, and how a share of the devices lies. */
interface Shop {
  canary: number;
  control: number;
  /** Share of the bits on each side that are forged, all of them against the canary. */
  forged: number;
}

const [LOOKS, SHOPS, HOURLY] = [1000, 200, 400];

/** What every hour's look said, the same reports and some more each time. */
function hourly({ canary, control, forged }: Shop, seed: string): CanaryReport[] {
  const random = seeded(seed);
  const p = Math.E / (1 + Math.E);
  const total = { canary: { reports: 0, ones: 0 }, control: { reports: 0, ones: 0 } };
  return Array.from({ length: LOOKS }, () => {
    for (const [arm, value, lie] of [
      ['canary', canary, 0],
      ['control', control, 1],
    ] as const) {
      const share = (1 - forged) * (1 - p + value * (2 * p - 1)) + forged * lie;
      // The normal law of 400 bits: their sum's distribution is that close to it.
      const ones = HOURLY * share + Math.sqrt(HOURLY * share * (1 - share)) * random.normal();
      total[arm].reports += HOURLY;
      total[arm].ones += Math.round(ones);
    }
    return judge(total)!;
  });
}

/** Share of the shops where a look ends in this. */
const shareOf = (shop: Shop, says: (report: CanaryReport) => boolean): number =>
  Array.from({ length: SHOPS }, (_, i) => hourly(shop, `looks/${i}`).some(says)).filter(Boolean).length /
  SHOPS;

describe('judging a canary by private reports', () => {
  it('has nothing to say where none came', () => {
    expect(judge({})).toBeUndefined();
  });

  it('says how many reports a small shop lacks', () => {
    const judged = judge({ canary: bits(0, 300), control: bits(0.08, 5000) })!;
    expect(judged.verdict).toBe('thin');
    expect(judged.reason).toContain('300 reports');
    // 2 f (1 - f) / ((2p - 1) 0.005)^2 with f = 0.2689 + 0.075 * 0.4621 = 0.3036: 79,200.
    const needed = Number(/about (\d+)/.exec(judged.reason)![1]);
    expect(needed / 79_200).toBeCloseTo(1, 2);
  });

  it('stops a candidate that loses half of the purchases', () => {
    const judged = judge({ canary: bits(0.04, 200_000), control: bits(0.08, 200_000) })!;
    expect(judged.difference!.value).toBeCloseTo(-0.04, 3);
    expect(judged.verdict).toBe('stop');
  });

  it('does not stop one whose loss a few forged bits explain', () => {
    // 0.1 % of both sides' bits move the difference by 0.0043; chance adds 0.0011.
    const judged = judge({ canary: bits(0.075, 6e6), control: bits(0.08, 6e6) })!;
    expect(judged.difference!.high).toBeLessThan(0);
    expect(judged.verdict).toBe('go-on');
  });

  it('never lets a better one out by itself', () => {
    const judged = judge({ canary: bits(0.12, 200_000), control: bits(0.08, 200_000) })!;
    expect(judged.verdict).toBe('go-on');
    expect(judged.reason).toContain('never on this alone');
  });

  it('withdraws a harmless one at most as often as stated in 1,000 hourly looks, though one report in a thousand lies', () => {
    const harmless = { canary: 0.08, control: 0.08, forged: REPORT_RULE.forgedShare };
    const error = Math.sqrt((REPORT_RULE.alpha * (1 - REPORT_RULE.alpha)) / SHOPS);
    const stopped = shareOf(harmless, ({ verdict }) => verdict === 'stop');
    expect(stopped).toBeLessThanOrEqual(REPORT_RULE.alpha - 1.96 * error);
    // Without lies the bound itself is seldom crossed; a test for one look is, again and again.
    const honest = { ...harmless, forged: 0 };
    const read = ({ verdict }: CanaryReport): boolean => verdict !== 'thin';
    const ever = shareOf(honest, (report) => read(report) && report.difference!.alwaysHigh < 0);
    expect(ever).toBeLessThanOrEqual(REPORT_RULE.alpha - 1.96 * error);
    const once = shareOf(honest, (report) => read(report) && report.difference!.high < 0);
    expect(once).toBeGreaterThan(REPORT_RULE.alpha + 1.96 * error);
  });

  it('still withdraws one that loses a quarter of the purchases', () => {
    const harmful = { canary: 0.06, control: 0.08, forged: 0 };
    expect(shareOf(harmful, ({ verdict }) => verdict === 'stop')).toBeGreaterThan(0.95);
  });

  it('adds up the reports on every renewal of its manifest', () => {
    const whole = judge({ canary: bits(0.04, 200_000), control: bits(0.08, 200_000) })!;
    const half = { canary: bits(0.04, 100_000), control: bits(0.08, 100_000) };
    expect(judge(half, {}, half)!.difference!.standardError).toBeCloseTo(whole.difference!.standardError, 6);
    expect(judge(half, {}, half)!.arms.canary!.reports).toBe(200_000);
  });

  it('reads the sharper of the two seats: few canaries, or many weighted decisions', () => {
    const canary = bits(0.08, 1_000);
    const weighted = bits(0.02, 6_000_000, 6);
    const judged = judge({ canary, weighted, control: bits(0.08, 200_000) })!;
    expect(judged.difference!.value).toBeCloseTo(-0.06, 2);
    expect(judged.verdict).toBe('stop');
  });
});
