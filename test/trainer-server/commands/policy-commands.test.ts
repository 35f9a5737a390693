import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qHeadShapes } from '../../../shared/models/q-head.ts';
import { packParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import { writeTensors } from '../../../shared/tensors.ts';
import { COMMANDS } from '../../../trainer-server/commands/index.ts';
import { ESTIMATORS } from '../../../trainer-server/evaluate/estimators/index.ts';
import { report as rollout } from '../../../trainer-server/evaluate/rollout-report.ts';
import { exportPolicy } from '../../../trainer-server/policy/export-policy.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { initialHead } from '../../../trainer-server/policy/q-network.ts';
import { writeBundle } from '../../../trainer-server/release/bundle.ts';
import { capturedIo } from '../../helpers/captured-io.ts';
import { MANIFEST } from '../../helpers/manifest-draft.ts';
import { TRIAL_PROMOTIONS, TRIAL_SHOP, trial } from '../../helpers/trials.ts';

let folder: string;
const path = (name: string) => join(folder, name);
const DATASET = trial({ count: 1200, seed: 9 });
const jsonLines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policy-'));
  await writeFile(path('shop.json'), JSON.stringify(TRIAL_SHOP));
  await writeFile(
    path('promotions.json'),
    JSON.stringify([
      { id: 'gift', type: 'gift', cost_per_use: 1 },
      { id: 'ten', type: 'percentage', percent: 10 },
    ]),
  );
  await writeFile(path('decisions.jsonl'), jsonLines(DATASET.decisions));
  await writeUntrainedBundle(path('bundle'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A bundle with a random head: what its commands say matters here, not how well it chooses. */
async function writeUntrainedBundle(dir: string): Promise<void> {
  const spec = fitSpec(DATASET);
  const { data } = preparePolicyData(DATASET, spec);
  const config = {
    sessionWidth: 0,
    contextWidth: data.contextWidth,
    actionWidth: data.termsWidth + data.meaning.length / data.offsets.at(-1)!,
    trunk: 8,
    hidden: 8,
  };
  const parameters = initialHead(config, seeded('head'));
  expect(Object.keys(parameters)).toEqual(Object.keys(qHeadShapes(config)));
  const { meta, tensors, onnx } = exportPolicy({
    config,
    parameters,
    packed: packParameters(parameters),
    spec,
    unit: { offset: 1, scale: 2 },
    exploration: { uniformShare: 0.05, floor: 0.01, greed: 30, unit: 1 },
    budgetCost: {},
    budgetScale: 1,
    q: new Float32Array(0),
    lesson: {
      teacher: { value: new Float32Array(0), level: new Float32Array(0), advantage: new Float32Array(0) },
      budget: undefined,
      unit: { offset: 1, scale: 2 },
    },
    report: {
      decisions: 0,
      estimatedPropensities: 0,
      penalties: {},
      strength: 0,
      trust: 0,
      values: [],
      epochs: 0,
      sequential: false,
      longRun: false,
    },
  });
  const first = {
    ...meta,
    shop: TRIAL_SHOP,
    promotions: TRIAL_PROMOTIONS,
    products: { sku: [], price: [], category: [], brand: [], categories: [], brands: [] },
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  await writeBundle(dir, {
    manifest: { ...MANIFEST, parts: ['policy'] },
    files: [
      { path: 'first.json', role: 'first-meta', group: 'first', bytes: json(first) },
      {
        path: 'first.safetensors',
        role: 'first-tensors',
        group: 'first',
        bytes: writeTensors(tensors),
      },
      { path: 'head.onnx', role: 'head-onnx', group: 'idle', bytes: onnx },
    ],
    trainer: {},
  });
}

async function run(name: string, values: Record<string, string | boolean>, text = '') {
  const command = await COMMANDS.find((entry) => entry.name === name)!.load();
  const { io, out, said } = capturedIo(text);
  const code = await command.run(values, [], io);
  return { code, out, said: said.join('\n') };
}

describe('train', () => {
  it('lets a shop without logs run its first weeks by its own order and a slice at random, as its log says', async () => {
    const data = path('new-shop');
    await mkdir(data);
    await writeFile(join(data, 'products.jsonl'), jsonLines([{ sku: 'a', title: 'Kettle', price: 30 }]));
    for (const name of ['shop.json', 'promotions.json']) await copyFile(path(name), join(data, name));
    const trained = await run('train', {
      ...{ data, out: path('first-weeks'), device: 'cpu', only: 'policy' },
      'first-weeks': '0.3',
    });
    expect(trained.said).toContain(
      'the first of 2 promotions that its own rules allow, and 30 % of decisions',
    );
    const requests = Array.from({ length: 300 }, (_, i) => ({ id: `${i}`, visitor: `v${i}` }));
    const { out } = await run('decide', { bundle: path('first-weeks') }, jsonLines(requests));
    // By hand: .3 / 3 each, and the other .7 for the first.
    const expected = { none: 0.1, gift: 0.8, ten: 0.1 };
    for (const [action, p] of Object.entries(expected)) {
      const taken = out.filter((decision) => decision.action === action);
      for (const { propensity } of taken) expect(propensity).toBeCloseTo(p, 12);
      expect(Math.abs(taken.length - 300 * p)).toBeLessThan(4 * Math.sqrt(300 * p * (1 - p)));
    }
    expect(out[0]!.reasons).toContainEqual({ code: 'first-weeks' });
  });

  it('keeps to the first weeks where the evidence gate refuses the first policy', async () => {
    const data = path('no-effect');
    await mkdir(data);
    for (const name of ['shop.json', 'promotions.json']) await copyFile(path(name), join(data, name));
    const random = seeded('no effect');
    // Whatever is shown, an order is a matter of chance.
    const chance = DATASET.decisions
      .slice(0, 700)
      .map((decision) => ({ ...decision, reward: random.next() }));
    await writeFile(join(data, 'decisions.jsonl'), jsonLines(chance));
    const { said } = await run('train', {
      ...{ data, out: path('refused'), device: 'cpu', only: 'policy', 'budget-seconds': '4' },
      'first-weeks': '0.3',
    });
    expect(said).toContain('REFUSED by the evidence gate');
    expect(said).toContain('no policy that evidence supports yet');
    const { out } = await run('decide', { bundle: path('refused'), greedy: true }, '{}');
    expect(out[0]).toMatchObject({ action: 'gift', reasons: [{ code: 'first-weeks' }] });
  });
});

describe('decide', () => {
  it('answers each request in order, with values, an eligible action and its propensity', async () => {
    const requests = [
      { id: 'a', attributes: { taste: 'tea', age: 30 } },
      { id: 'b', eligible: ['none', 'ten'] },
      { id: 'c', history: [], eligible: [] },
    ];
    const { code, out } = await run('decide', { bundle: path('bundle'), seed: '1' }, jsonLines(requests));
    expect(code).toBe(0);
    expect(out.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(Object.keys(out[0]!.values as object)).toEqual(['none', 'gift', 'ten']);
    expect(['none', 'ten']).toContain(out[1]!.action);
    expect(out[1]!.propensity as number).toBeGreaterThan(0);
    expect(out[2]).toMatchObject({ action: 'none', propensity: 1 });
  });

  it('gives equal answers for equal seeds, and the largest value when greedy', async () => {
    const text = jsonLines(
      Array.from({ length: 20 }, (_, i) => ({ id: `r${i}`, attributes: { age: 20 + i } })),
    );
    const answers = async (values: Record<string, string | boolean>) =>
      (await run('decide', { bundle: path('bundle'), ...values }, text)).out.map(({ ms, ...rest }) => rest);
    expect(await answers({ seed: '7' })).toEqual(await answers({ seed: '7' }));
    for (const { action, values, propensity } of await answers({ greedy: true })) {
      const all = values as Record<string, number>;
      expect(all[action as string]).toBe(Math.max(...Object.values(all)));
      expect(propensity).toBe(1);
    }
  });

  it('says with --explain what each group of facts adds to the lead over the next best', async () => {
    const text = '{"attributes":{"taste":"tea","age":30}}\n{"eligible":["none"]}';
    const { out } = await run('decide', { bundle: path('bundle'), greedy: true, explain: true }, text);
    const { action, values, why } = out[0] as unknown as {
      action: string;
      values: Record<string, number>;
      why: {
        promotion: string;
        lead: number;
        leadUnknown: number;
        contributions: { fact: string; value: number }[];
      };
    };
    const [best, second] = Object.values(values).sort((a, b) => b - a);
    expect(why.promotion).toBe(action);
    expect(why.lead).toBeCloseTo(best! - second!, 6);
    expect(why.contributions.map(({ fact }) => fact)).toEqual(['attributes']);
    expect(why.contributions[0]!.value).toBeCloseTo(why.lead - why.leadUnknown, 6);
    expect(out[1]).not.toHaveProperty('why');
  });

  it('names a bad line, answers the others and exits with 1', async () => {
    const text = '{"id":"a"}\nnot json\n{"id":"b","history":[{"name":"teleport"}]}\n{"id":"c"}';
    const { code, out, said } = await run('decide', { bundle: path('bundle') }, text);
    expect(code).toBe(1);
    expect(out.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(said).toContain('line 2');
    expect(said).toContain('line 3, history[0].name');
  });
});

describe('evaluate', () => {
  const target = async (probabilities: (taste: string) => Record<string, number>, count = 1200) => {
    const lines = DATASET.decisions
      .slice(0, count)
      .map(({ id, attributes }) => ({ id, probabilities: probabilities(String(attributes!.taste)) }));
    await writeFile(path('target.jsonl'), jsonLines(lines));
    return run('evaluate', { target: path('target.jsonl'), data: folder });
  };

  it('values a target file by every estimator, around the truth', async () => {
    const { code, out } = await target((taste) => ({
      [{ tea: 'gift', coffee: 'ten', water: 'none' }[taste]!]: 1,
    }));
    expect(code).toBe(0);
    expect(out.map(({ estimator }) => estimator)).toEqual(ESTIMATORS.map(({ name }) => name));
    // By hand: (3 + 2 + 1) / 3.
    for (const { low, high, value } of out as { low: number; high: number; value: number }[]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(Math.abs(value - 2)).toBeLessThan(0.35);
    }
  });

  it('refuses in words where the evidence is thin', async () => {
    const { out, said } = await target(() => ({ gift: 1 }), 60);
    for (const line of out)
      expect(line).toMatchObject({ value: null, refused: expect.stringContaining('effective sample size') });
    expect(said).toContain('1140 decisions have no line');
  });

  it('refuses a target that is no distribution, naming the line', async () => {
    await expect(target((taste) => ({ gift: taste === 'tea' ? 0.5 : 1 }))).rejects.toThrow('probabilities');
    await expect(target(() => ({ unheard: 1 }))).rejects.toThrow('unheard');
  });

  it('values a bundle through its quantized files', async () => {
    const { out } = await run('evaluate', { bundle: path('bundle'), data: folder });
    expect(out).toHaveLength(ESTIMATORS.length);
    expect(out[4]).toMatchObject({ estimator: 'dr', decisions: 1200, visitors: 1200 });
    expect(out[4]!.overlap as number).toBeGreaterThan(0.8);
  });

  it('wants either a bundle or a target', async () => {
    await expect(run('evaluate', { data: folder })).rejects.toThrow('either --bundle or --target');
  });
});

describe('report rollout in shadow', () => {
  it('decides the log beside what was decided, and says when devices may have it', async () => {
    const { io, out } = capturedIo('');
    await rollout.run({ data: folder, stage: 'shadow', bundle: path('bundle') }, io);
    expect(out).toEqual([
      expect.objectContaining({
        ...{ action: 'advance', stage: 'canary', share: 0.01, decisions: 1200, faults: 0 },
        ...{ command: 'promo-edge publish --bundle BUNDLE --canary 0.01', p95_ms: expect.any(Number) },
      }),
    ]);
    await expect(rollout.run({ data: folder, stage: 'shadow' }, io)).rejects.toThrow('--bundle');
  });
});
