/** `evaluate`: what a policy would have earned, by decisions that another one took. */

import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { seeded } from '../../shared/random.ts';
import { type Dataset, loadDataset } from '../dataset/load.ts';
import { estimatesOf } from '../evaluate/estimate.ts';
import { INTERVALS } from '../evaluate/intervals/index.ts';
import type { IntervalMethod } from '../evaluate/intervals/interval.ts';
import { prepareEvidence } from '../evaluate/prepare.ts';
import { inOrder, readTarget } from '../evaluate/target.ts';
import { fitSpec, openPolicy, policyOf } from '../policy/index.ts';
import { openBundle } from '../release/bundle.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { needed, numberOption } from './options.ts';

const HELP = `
promo-edge evaluate (--bundle BUNDLE | --target FILE) --data DIR [--greedy] [--interval METHOD] [--seed N]

Off-policy estimates, on the logged decisions in DIR, of the bundle's policy or of the policy in FILE (JSON lines
{"id": ..., "probabilities": {promotion: p}}; decisions without a line are left out). Prints a line per estimator:
{"estimator", "value", "low", "high", "ess", "overlap", "refused"?, "flags"?, ...}. Values are rewards a decision, in the log's own
unit, with 95 % intervals that draw whole visitors. Where the evidence is too thin, value and interval are null and
"refused" says why. Judge a bundle on decisions that it was not trained on.

  --greedy    judge the bundle's best promotions, without its exploration
  --interval  ${INTERVALS.map(({ name }) => name).join(', ')} (default ${INTERVALS[0]!.name})
  --seed      of the intervals (default 1)
`;

export const command: Command = {
  name: 'evaluate',
  summary: 'estimate what a policy is worth from logged decisions of another',
  help: HELP,
  options: {
    bundle: { type: 'string' },
    target: { type: 'string' },
    data: { type: 'string' },
    greedy: { type: 'boolean', default: false },
    interval: { type: 'string' },
    seed: { type: 'string' },
  },
  async run(values, _, io) {
    const data = needed(values, 'data', 'a data folder');
    if ((values.bundle === undefined) === (values.target === undefined)) {
      throw new BadInput({}, 'either --bundle or --target', values.bundle === undefined ? 'neither' : 'both');
    }
    const seed = numberOption(values, 'seed', { fallback: 1, min: 0, max: Number.MAX_SAFE_INTEGER });
    const method = intervalMethod(values.interval);
    const dataset = await loadDataset(data);
    report(dataset, io);
    if (dataset.decisions.length === 0)
      throw new BadInput({ file: join(data, 'decisions.jsonl') }, 'logged decisions', 'none');
    const target =
      values.target === undefined
        ? await bundleTarget(needed(values, 'bundle', 'a bundle folder'), dataset, values.greedy === true)
        : await fileTarget(needed(values, 'target', 'a file of probabilities'), dataset, io);
    for (const line of await estimate(target, seed, method, io)) io.out(JSON.stringify(line));
    await target.close();
    return 0;
  },
};

function intervalMethod(name: OptionValues[string]): IntervalMethod {
  const method = name === undefined ? INTERVALS[0] : INTERVALS.find((known) => known.name === name);
  if (method !== undefined) return method;
  throw new BadInput({ field: '--interval' }, INTERVALS.map((known) => known.name).join(', '), String(name));
}

interface Target {
  policy: SimulatedPolicy;
  dataset: Dataset;
  spec: FeatureSpec;
  close(): Promise<void>;
}

async function estimate({ policy, dataset, spec }: Target, seed: number, method: IntervalMethod, io: Io) {
  const stage = io.progress.stage(`Evaluating ${policy.name} on ${dataset.decisions.length} decisions`);
  const { evidence, estimated, refused, flags, notes } = await prepareEvidence(dataset, spec, policy);
  for (const note of [...notes, ...flags]) io.progress.say(note);
  const lines = estimatesOf(evidence, seeded(seed), { method, refused, flags });
  stage.end();
  return estimated === 0 ? lines : lines.map((line) => ({ ...line, estimated_propensities: estimated }));
}

function report({ notes, rejected }: Dataset, io: Io): void {
  for (const note of notes) io.progress.say(note);
  for (const row of rejected.slice(0, 10)) io.progress.say(`left out: ${row}`);
  if (rejected.length > 10) io.progress.say(`and ${rejected.length - 10} more rows left out`);
}

async function bundleTarget(dir: string, dataset: Dataset, greedy: boolean): Promise<Target> {
  const { model, engine } = await openPolicy(await openBundle(dir));
  const policy = policyOf(dir, model, engine, { greedy });
  return { policy, dataset, spec: model.spec, close: async () => engine.dispose() };
}

async function fileTarget(file: string, dataset: Dataset, io: Io): Promise<Target> {
  const lines = await readTarget(file);
  const decisions = dataset.decisions.filter(({ id }) => lines.has(id));
  if (decisions.length === 0) {
    throw new BadInput({ file, field: 'id' }, 'ids of decisions in the data folder', 'none of them');
  }
  const missing = dataset.decisions.length - decisions.length;
  if (missing > 0) io.progress.say(`${missing} decisions have no line in ${file} and are left out`);
  const policy: SimulatedPolicy = {
    name: file,
    probabilities: async (requests) =>
      requests.map(({ id = '', eligible = [] }) => inOrder(file, id, eligible, lines.get(id)!)),
  };
  return { policy, dataset: { ...dataset, decisions }, spec: fitSpec(dataset), close: async () => undefined };
}
