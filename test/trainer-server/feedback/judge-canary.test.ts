import { describe, expect, it } from 'vitest';
import type { Arm } from '../../../shared/privacy/report.ts';
import { judgeCanary } from '../../../trainer-server/feedback/judge-canary.ts';
import type { BitCount } from '../../../trainer-server/store/private-reports.ts';

/** As many ones as reports of this true value give on average. */
function bits(value: number, reports: number, bound = 1): BitCount {
  const p = Math.E / (1 + Math.E);
  return { reports, ones: Math.round(reports * (1 - p + (value / bound) * (2 * p - 1))) };
}

const judge = (counts: Partial<Record<Arm, BitCount>>) =>
  judgeCanary(
    { privateReports: { counts: () => counts, add: () => undefined, releases: () => [7] } },
    'demo',
    7,
  );

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

  it('reads the sharper of the two seats: few canaries, or many weighted decisions', () => {
    const canary = bits(0.08, 1_000);
    const weighted = bits(0.02, 6_000_000, 6);
    const judged = judge({ canary, weighted, control: bits(0.08, 200_000) })!;
    expect(judged.difference!.value).toBeCloseTo(-0.06, 2);
    expect(judged.verdict).toBe('stop');
  });
});
