import { beforeAll, describe, expect, it } from 'vitest';
import { type ReportedDecision, valueInArm } from '../../../sdk/helper/report.ts';
import { openModel } from '../../../sdk/model.ts';
import type { HelperRelease } from '../../../sdk/protocol.ts';
import { weigh } from '../../../shared/decide.ts';
import type { DecisionRequest } from '../../../shared/decision.ts';
import { compileKernels } from '../../../shared/kernels/compile.ts';
import { engineFromFirst } from '../../../shared/kernels/kernel-engine.ts';
import { bundleFixture } from '../../helpers/bundle-fixture.ts';

const REQUEST: DecisionRequest = {
  id: 'd1',
  ts: Date.UTC(2026, 0, 1),
  slot: 'cart',
  history: [{ visitor: 'device', name: 'view_item', ts: Date.UTC(2026, 0, 1) - 1000, sku: 'p4' }],
  eligible: ['none', 'ten-off', 'tea-20'],
};

async function release(seed: number): Promise<HelperRelease> {
  const { signed, files } = await bundleFixture({ seed });
  const manifest = signed.signed;
  const first = manifest.files.filter(({ group }) => group === 'first');
  return { manifest, files: new Map(first.map(({ role, sha256 }) => [role, files.get(sha256)!])) };
}

/** By the kernels, where the report uses plain JavaScript. */
async function probabilityOf(action: string, from: HelperRelease): Promise<number> {
  const { meta, tensors, decision } = openModel(from);
  const engine = await engineFromFirst(meta, tensors, await compileKernels());
  const { candidates, probabilities } = await weigh(REQUEST, decision, engine);
  return probabilities[candidates.findIndex(({ id }) => id === action)]!;
}

describe('the value that a report speaks of', () => {
  let running: HelperRelease;
  let candidate: HelperRelease;
  let decision: ReportedDecision;

  beforeAll(async () => {
    [running, candidate] = await Promise.all([release(1), release(2)]);
    const propensity = await probabilityOf('ten-off', running);
    decision = { request: REQUEST, action: 'ten-off', propensity, bought: true };
  });

  it('is the reward where the policy itself decided', async () => {
    expect(await valueInArm(decision, 'canary', undefined)).toBe(1);
    expect(await valueInArm(decision, 'control', candidate)).toBe(1);
  });

  it("is weighted by the candidate's probability over the one that was logged", async () => {
    const p = await probabilityOf('ten-off', candidate);
    expect(p).not.toBeCloseTo(decision.propensity, 2);
    expect(await valueInArm(decision, 'weighted', candidate)).toBeCloseTo(p / decision.propensity, 4);
    expect(await valueInArm(decision, 'weighted', running)).toBeCloseTo(1, 4);
  });

  it('is nothing without a purchase, without a decision, or for an action that the candidate lacks', async () => {
    expect(await valueInArm({ ...decision, bought: false }, 'weighted', candidate)).toBe(0);
    expect(await valueInArm(undefined, 'control', candidate)).toBe(0);
    expect(await valueInArm({ ...decision, action: 'gone' }, 'weighted', candidate)).toBe(0);
    expect(await valueInArm(decision, 'weighted', { ...candidate, files: new Map() })).toBe(0);
  });
});
