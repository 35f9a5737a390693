import { describe, expect, it } from 'vitest';
import { report as experiment } from '../../../trainer-server/evaluate/experiment-report.ts';
import { runReport } from '../../helpers/run-report.ts';

const report = (decisions: object[], values: Record<string, string> = {}) =>
  runReport(experiment, { 'decisions.jsonl': decisions }, values);

/** Every fourth visitor is held out; holdouts earn 1 or 3, the others 3 or 5. */
const HOLDOUT = Array.from({ length: 800 }, (_, i) => {
  const holdout = i % 4 === 0;
  return {
    ...{ id: `d${i}`, visitor: `v${i}`, eligible: ['none', 'ten'], action: holdout ? 'none' : 'ten' },
    attributes: { holdout },
    reward: (holdout ? 1 : 3) + ((i >> 2) % 2) * 2,
  };
});

describe('report experiment', () => {
  it('prints the lift over the holdout with both intervals', async () => {
    const { code, out } = await report(HOLDOUT);
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    const [line] = out;
    expect(line).toMatchObject({ arm: 'false', control: 'true', visitors: 600, control_visitors: 200 });
    expect(line).toMatchObject({ mean: 4, control_mean: 2, lift: 2, relative: 1, verdict: 'better' });
    // By hand: variances 600/599 and 200/199, so an error of sqrt(1/599 + 1/199) = 0.08182.
    expect(line!.once_low).toBeCloseTo(2 - 1.96 * 0.08182, 3);
    expect(line!.low as number).toBeLessThan(line!.once_low as number);
  });

  it('names what is missing', async () => {
    await expect(report(HOLDOUT, { by: 'colour' })).rejects.toThrow('attributes.colour');
    await expect(report(HOLDOUT, { control: 'maybe' })).rejects.toThrow('one of false, true');
    await expect(report(HOLDOUT, { shares: 'true' })).rejects.toThrow('ARM=SHARE');
    await expect(report(HOLDOUT.map((d) => ({ ...d, attributes: {} })))).rejects.toThrow(
      'arm of each decision',
    );
  });

  it('refuses in words where the split is not what was meant', async () => {
    const { out } = await report(HOLDOUT, { shares: 'true=0.5,false=0.5' });
    expect(out[0]).toMatchObject({ lift: null, refused: expect.stringContaining('not what was meant') });
  });
});
