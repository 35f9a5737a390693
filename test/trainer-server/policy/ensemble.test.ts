import { describe, expect, it, vi } from 'vitest';
import { Q_HEAD } from '../../../shared/models/q-head.ts';
import { seeded } from '../../../shared/random.ts';
import { trainEnsemble } from '../../../trainer-server/policy/ensemble.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { foldsOf, headOf, type PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { POLICY_OPTIONS, type PolicyOptions } from '../../../trainer-server/policy/policy-options.ts';
import { predict } from '../../../trainer-server/policy/predict.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { initialHead } from '../../../trainer-server/policy/q-network.ts';
import { bootstrapTargets } from '../../../trainer-server/policy/returns.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { NO_CHECKPOINTS } from '../../../trainer-server/training-options.ts';
import { type TrialDataset, trial } from '../../helpers/trials.ts';

vi.mock(import('../../../trainer-server/policy/returns.ts'), async (original) => {
  const actual = await original();
  return { ...actual, bootstrapTargets: vi.fn(actual.bootstrapTargets) };
});

const COUNT = 300;
const SMALL = { hidden: 16 };

/** Networks without a word of the response model, on a log whose rewards are in units of one. */
async function networksOf(
  dataset: TrialDataset,
  change: (data: PolicyData) => PolicyData,
  own: Partial<PolicyOptions>,
) {
  const spec = fitSpec(dataset);
  const data = change(preparePolicyData(dataset, spec).data);
  const options = {
    ...POLICY_OPTIONS,
    folds: 2,
    batch: 100,
    leastSteps: 30,
    errorsToGoOn: -Infinity,
    ...own,
  };
  const none = {
    value: new Float32Array(data.count),
    level: new Float32Array(data.count),
    advantage: new Float32Array(data.offsets[data.count]!),
  };
  const config = { ...headOf(data), ...Q_HEAD, ...SMALL };
  const ids = spec.promotions.length;
  const ensemble = await trainEnsemble(
    {
      ...{ data, ids, config, folds: foldsOf(data, options.folds), propensity: data.propensity },
      ...{ unit: { offset: 0, scale: 1 }, responses: { left: none, mean: none } },
    },
    0,
    {
      ...{ device: 'cpu', random: seeded('ensemble'), progress: SILENT, checkpoints: NO_CHECKPOINTS },
      ...{ signal: new AbortController().signal, deadline: () => 60 },
    },
    options,
  );
  return { data, advantage: (await predict(ensemble.networks, config, ids, data)).advantage };
}

describe('an ensemble of Q networks', () => {
  it('starts from what the log preferred, where the log preferred anything', async () => {
    // The log gives gifts eight times in ten, and nothing ever earns: rewards teach no preference at all.
    const skewed = trial({ count: COUNT, seed: 1, logging: () => [0.1, 0.8, 0.1] });
    const worthless = (data: PolicyData): PolicyData => ({ ...data, reward: new Float64Array(data.count) });
    const lead = async (own: Partial<PolicyOptions>): Promise<number> => {
      const { data, advantage } = await networksOf(skewed, worthless, { epochs: 1, ...own });
      const gift = data.promotions.indexOf('gift');
      const gifts = advantage.filter((_, row) => data.promotion[row] === gift);
      return gifts.reduce((sum, x) => sum + x, 0) / gifts.length;
    };
    const cloned = await lead({});
    const afresh = await lead({ cloneAbove: Number.POSITIVE_INFINITY });
    // Preferences of 8 to 1 are log(8) / 10 = 0.21 apart at the most: two thirds of it above the mean of three.
    expect(cloned).toBeGreaterThan(0.05);
    expect(cloned).toBeLessThan(0.21);
    expect(Math.abs(afresh)).toBeLessThan(0.02);
  });

  it('values what comes later by its networks of one epoch ago, and chooses by those of now', async () => {
    vi.mocked(bootstrapTargets).mockClear();
    const chained = (data: PolicyData): PolicyData => ({
      ...data,
      next: Int32Array.from({ length: data.count }, (_, i) => (i % 3 === 2 ? -1 : i + 1)),
      visitor: Int32Array.from({ length: data.count }, (_, i) => Math.floor(i / 3)),
    });
    await networksOf(trial({ count: COUNT, seed: 2 }), chained, { epochs: 3, patience: 3, steps: 1 });
    const refreshed = vi.mocked(bootstrapTargets).mock.calls.filter(([, now]) => now !== undefined);
    expect(refreshed).toHaveLength(3);
    for (const [epoch, [, now, target]] of refreshed.entries()) {
      expect(target).toBe(epoch === 0 ? now : refreshed[epoch - 1]![1]);
    }
    expect(refreshed[1]![1]!.advantage).not.toEqual(refreshed[0]![1]!.advantage);
  });

  it('splits Q into a level and advantages that sum to nothing over what is eligible', async () => {
    const dataset = trial({ count: 40, seed: 3 });
    // Every other decision may choose between two of the three: the third is padding.
    dataset.decisions = dataset.decisions.map((decision, i) =>
      i % 2 ? decision : { ...decision, eligible: ['gift', 'none'], action: 'none' },
    );
    const spec = fitSpec(dataset);
    const { data } = preparePolicyData(dataset, spec);
    const config = { ...headOf(data), ...Q_HEAD, ...SMALL };
    const network = initialHead(config, seeded(3));
    const { advantage } = await predict([network], config, spec.promotions.length, data);
    for (let i = 0; i < data.count; i++) {
      const own = advantage.subarray(data.offsets[i]!, data.offsets[i + 1]!);
      expect(own.length).toBe(i % 2 ? 3 : 2);
      expect(own.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 5);
    }
    expect(Math.max(...advantage.map(Math.abs))).toBeGreaterThan(1e-3);
  });
});
