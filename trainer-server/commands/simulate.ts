/** `simulate`: a log of simulated shoppers, with the truth beside it. */

import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { loadDataset } from '../dataset/load.ts';
import { openPolicy, policyOf } from '../policy/policy-of.ts';
import { openBundle } from '../release/bundle.ts';
import { BOOSTING } from '../simulate/boosted-trees.ts';
import {
  createWorld,
  fitOracle,
  fixedPolicy,
  runWorld,
  type SimulatedPolicy,
  UNIFORM,
  WORLD_NAMES,
} from '../simulate/index.ts';
import { yardsticks } from '../simulate/values.ts';
import type { World } from '../simulate/world.ts';
import { writeSimulation } from '../simulate/write-simulation.ts';
import type { Command, Io } from './command.ts';
import { needed, numberOption } from './options.ts';

const HELP = `
promo-edge simulate --data DIR --out DIR2 [--policy uniform|PROMOTION|BUNDLE] [--sessions N] [--seed N]
                    [--world NAME] [--crowd NAME] [--no-truth]

Lets simulated shoppers browse the catalogue in DIR and writes DIR2, a complete data folder: decisions.jsonl and
events.jsonl of what happened, shop.json, promotions.json (made from the prices where DIR has none) and the catalogue.
Where DIR holds events.jsonl, baskets, popularity, co-purchase, visiting times and refunds follow it.
truth.json and standard output say what the policy is truly worth, a decision, in the shop's currency.

  --policy    uniform (default), the id of a promotion that is always shown, or a bundle folder
  --sessions  how many shopping sessions (default 20000; one to three decisions each)
  --seed      equal seeds give equal files (default 1)
  --world     ${WORLD_NAMES.join(', ')}; NAME~K is the K-th perturbed twin
  --crowd     stands before the names of visitors, sessions and decisions: two logs that meet are two crowds,
              else the gate takes decisions of one for those of the other (default: nothing)
  --no-truth  measures nothing: the log alone, sooner
`;

const SESSIONS = { fallback: 20_000, min: 1, max: 10_000_000, integer: true };
/** Decisions on which the true values are measured: as many as sessions, within bounds. 5000 give about 3 %. */
const YARDSTICKS = { least: 500, most: 5000 };
/** A quick fit: about 3 % of the gain below what four times the contexts and twice the trees give. */
const QUICK_BOOSTING = { ...BOOSTING, trees: 100, depth: 5, learningRate: 0.14, rowShare: 0.35 };

export const command: Command = {
  name: 'simulate',
  summary: 'write a log of simulated shoppers of a catalogue, with the true values beside it',
  help: HELP,
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    policy: { type: 'string', default: 'uniform' },
    sessions: { type: 'string' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', default: 'stationary' },
    crowd: { type: 'string', default: '' },
    'no-truth': { type: 'boolean', default: false },
  },
  async run(values, _, io) {
    const data = needed(values, 'data', 'a data folder');
    const out = needed(values, 'out', 'the folder to write');
    type Text = 'seed' | 'world' | 'policy' | 'crowd';
    const { seed, world: name, policy: policyName, crowd } = values as Record<Text, string>;
    const sessions = numberOption(values, 'sessions', SESSIONS);
    const dataset = await loadDataset(data, ['products', 'events', 'promotions']);
    const { products, promotions, shop, events } = dataset;
    for (const note of dataset.notes) io.progress.say(note);
    const world = createWorld({ name, products, promotions, shop, events, seed });
    const policy = await policyNamed(policyName, world);
    const stage = io.progress.stage(`Simulating ${sessions} sessions`);
    const run = await runWorld(world, policy, {
      sessions,
      seed,
      signal: io.signal,
      onProgress: (done) => stage.update(done, `${done} decisions`),
    });
    stage.end(`${run.decisions.length} decisions, ${run.events.length} events`);
    await writeSimulation(out, world, run, await present(data, CATALOGUE_FILES), crowd);
    const truth =
      values['no-truth'] === true ? undefined : await truthOf(world, policy, { seed, sessions, io });
    policy.dispose?.();
    if (truth === undefined) return 0;
    await writeFile(join(out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
    io.out(JSON.stringify(truth));
    return 0;
  },
};

const CATALOGUE_FILES = [
  'price_history.jsonl',
  'price_history.jsonl.gz',
  'products.jsonl',
  'products.jsonl.gz',
  'promotions.json',
  'promotions.json.gz',
  'relations.jsonl',
  'relations.jsonl.gz',
  'pairs.jsonl',
  'judgements.jsonl',
];

/** A built-in policy, a promotion that is always shown, or a release, which explores as on a device. */
async function policyNamed(name: string, world: World): Promise<SimulatedPolicy & { dispose?(): void }> {
  if (name === UNIFORM.name) return UNIFORM;
  if (world.indexOf.has(name)) return fixedPolicy(name);
  if ((await present(name, ['manifest.json'])).length > 0) {
    const bundle = await openBundle(name);
    const { model, engine } = await openPolicy(bundle);
    const policy = policyOf(`release ${bundle.manifest.version}`, model, engine);
    return { ...policy, dispose: () => engine.dispose() };
  }
  throw new BadInput(
    { field: '--policy' },
    `uniform, a bundle folder, or one of ${world.promotions.map(({ id }) => id).join(', ')}`,
    name,
  );
}

async function present(dir: string, names: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const path of names.map((name) => join(dir, name)))
    await access(path).then(
      () => out.push(path),
      () => undefined,
    );
  return out;
}

/** The policy and the yardsticks on shoppers of another seed, the same for all of them. */
async function truthOf(
  world: World,
  policy: SimulatedPolicy,
  { seed, sessions, io }: { seed: string; sessions: number; io: Io },
) {
  const stage = io.progress.stage('Measuring true values');
  const decisions = Math.min(YARDSTICKS.most, Math.max(YARDSTICKS.least, sessions));
  const options = { decisions, seed: `${seed}/truth`, signal: io.signal };
  const { value } = await runWorld(world, policy, options);
  const known = await yardsticks(world, options);
  const contexts = 2 * decisions;
  const fitted = await fitOracle(world, { contexts, boosting: QUICK_BOOSTING, seed, signal: io.signal });
  const oracle = (await runWorld(world, fitted, options)).value;
  stage.end();
  return {
    world: world.name,
    unit: `${world.shop.currency} a decision`,
    policy: { name: policy.name, ...value },
    none: known.none,
    uniform: known.uniform,
    best_fixed: known.bestFixed,
    oracle,
    all_knowing: known.allKnowing,
  };
}
