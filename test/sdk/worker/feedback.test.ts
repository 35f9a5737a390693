import { describe, expect, it } from 'vitest';
import { Feedback } from '../../../sdk/worker/feedback.ts';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';
import { RETENTION } from '../../../sdk/worker/store.ts';

const record = (i: number): DecisionRecord => ({
  id: `d${i}`,
  slot: 'cart',
  ts: i,
  request: { history: [], eligible: ['none'] },
  decision: { action: 'none', propensity: 1, values: {}, reasons: [], ms: 0 },
  probabilities: [1],
  seed: '',
  release: 1,
  featureVersion: 1,
  tier: 'kernels',
  exposed: false,
  consented: false,
  sent: false,
  after: [],
});

describe('decisions that wait to be written down', () => {
  it('are no more than are kept, however slow the store is', async () => {
    const written: string[][] = [];
    let done = (): void => undefined;
    const store = {
      ...memoryStore(),
      putDecisions(records: readonly DecisionRecord[]): Promise<void> {
        written.push(records.map(({ id }) => id));
        return new Promise((resolve) => {
          done = resolve;
        });
      },
    };
    const feedback = new Feedback({
      ...{ url: '', outcomeMs: 1000, store, now: Date.now, currency: () => 'EUR' },
      batch: async () => '',
      failed: (error) => expect.unreachable(String(error)),
    });
    await feedback.setConsent('granted', 'pending');
    feedback.add(record(0));
    await expect.poll(() => written).toEqual([['d0']]);
    for (let i = 1; i <= 5000; i++) feedback.add(record(i));
    done();
    await expect.poll(() => written.length).toBe(2);
    const newest = Array.from(
      { length: RETENTION.decisions },
      (_, i) => `d${5001 - RETENTION.decisions + i}`,
    );
    expect(written[1]).toEqual(newest);
  });
});
