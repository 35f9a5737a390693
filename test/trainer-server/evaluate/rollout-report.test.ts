import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { report as rollout } from '../../../trainer-server/evaluate/rollout-report.ts';
import { runReport } from '../../helpers/run-report.ts';

/** Every other visitor has the canary, which earns `effect` more. */
async function ask(visitors: number, effect: number, values: Record<string, string> = {}) {
  const random = seeded(`rollout/${effect}`);
  const rows = Array.from({ length: visitors }, (_, i) => ({
    ...{ id: `d${i}`, visitor: `v${i}`, eligible: ['none'], action: 'none' },
    attributes: { arm: i % 2 === 0 ? 'canary' : 'stable' },
    reward: 2 + 0.5 * random.normal() + (i % 2 === 0 ? effect : 0),
  }));
  const { out } = await runReport(rollout, { 'decisions.jsonl': rows }, values);
  return out[0]!;
}

describe('report rollout', () => {
  it('sends a canary on where a loss is excluded, and says by which command', async () => {
    expect(await ask(2000, 0.3)).toMatchObject({ action: 'advance', stage: 'canary', share: 0.05 });
    const last = await ask(2000, 0.3, { share: '0.5' });
    expect(last).toMatchObject({ action: 'advance', stage: 'full', command: 'promo-edge publish --promote' });
  });

  it('withdraws what loses', async () => {
    const step = await ask(2000, -0.3, { share: '0.2' });
    expect(step).toMatchObject({ action: 'withdraw', command: 'promo-edge publish --withdraw' });
    expect(String(step.reasons)).toContain('earns less');
    expect(await ask(2000, 0.3, { faults: '200' })).toMatchObject({ action: 'withdraw' });
  });

  it('waits where there is too little, saying what is missing', async () => {
    const step = await ask(60, -0.3);
    expect(step).toMatchObject({ action: 'stay', stage: 'canary' });
    expect(step.command).toBeUndefined();
    expect(String(step.reasons)).toContain('only 30 visitors');
    await expect(ask(60, 0, { stage: 'moon' })).rejects.toThrow('--stage');
  });
});
