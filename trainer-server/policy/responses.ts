/** What the response model says about a log, at once and later, kept beside the work so that a killed run goes on. */

import { createHash } from 'node:crypto';
import { readTensorMetadata, readTensors, type Tensors, writeTensors } from '../../shared/tensors.ts';
import type { Checkpoints } from '../training-options.ts';
import { elsewhereLog, type Rewards, taughtLog } from './carried.ts';
import { openFitEngine, type Solver } from './fit-engine.ts';
import { type LongRun, type LongRunOptions, longRunOf } from './long-run.ts';
import type { PolicyData } from './policy-data.ts';
import { type CrossFitted, fitResponses, type ResponseModel, type Responses } from './response-model.ts';

export interface LearnedResponses {
  responses: CrossFitted & Pick<ResponseModel, 'penalties'>;
  /** Undefined where later decisions do not follow, or what actions do to them is not clear. */
  longRun: Pick<LongRun, 'left' | 'mean'> | undefined;
  /** What `elsewhereLog` would bring; undefined where discounts seen change nothing that is clear. */
  elsewhere: Elsewhere | undefined;
}

/** By the mean of all models, [rows]. */
export interface Elsewhere extends Responses {
  later: Float64Array;
}

const NAME = 'policy.responses';

/**
 * Learned, or read back where a run on the very same log has learned them.
 * @param propensity of the logged actions, [n]
 * @param options undefined for a log without later decisions
 * @param pace how long the fits may take, and who hears of them
 */
export async function learnResponses(
  data: PolicyData,
  folds: Int32Array,
  foldCount: number,
  propensity: Float64Array,
  options: LongRunOptions | undefined,
  checkpoints: Checkpoints,
  pace: Omit<Solver, 'engine'>,
): Promise<LearnedResponses> {
  const log = fingerprint(data, folds);
  const saved = await checkpoints.load(NAME);
  if (saved !== undefined && readTensorMetadata(saved, NAME).log === log) return read(saved);
  const engine = await openFitEngine();
  const solver = { ...pace, engine };
  let learned: LearnedResponses;
  try {
    const model = await fitResponses(data, folds, foldCount, solver);
    const now = await model.answers(data);
    learned = { responses: { ...now, penalties: model.penalties }, longRun: undefined, elsewhere: undefined };
    if (options !== undefined) {
      const taught = await model.answers(taughtLog(data));
      const known = { left: rewardsOf(now.left, taught.left), mean: rewardsOf(now.mean, taught.mean) };
      const longRun = longRunOf(data, folds, foldCount, { ...known, propensity }, options);
      learned.longRun = longRun;
      learned.elsewhere = longRun?.elsewhere && (await elsewhereOf(data, model, longRun.elsewhere));
    }
  } finally {
    await engine.close();
  }
  const bytes = write(learned, log);
  await checkpoints.save(NAME, bytes);
  // As a run that is taken up would see them: float32, so that both go on alike.
  return read(bytes);
}

const rewardsOf = (now: Responses, taught: Responses): Rewards => ({
  reward: now.reward,
  taught: taught.reward,
});

async function elsewhereOf(
  data: PolicyData,
  model: ResponseModel,
  laterAt: (states: Float32Array) => Float64Array,
): Promise<Elsewhere> {
  const log = elsewhereLog(data);
  const { mean } = await model.answers(log);
  return { ...mean, later: laterAt(log.states) };
}

function write({ responses, longRun, elsewhere }: LearnedResponses, log: string): Uint8Array {
  const { left, mean, penalties } = responses;
  const rows: Record<string, Float64Array | undefined> = {
    'left.reward': left.reward,
    'mean.reward': mean.reward,
    'left.spend': left.spend,
    'mean.spend': mean.spend,
    'left.later': longRun?.left,
    'mean.later': longRun?.mean,
    'elsewhere.reward': elsewhere?.reward,
    'elsewhere.spend': elsewhere?.spend,
    'elsewhere.later': elsewhere?.later,
  };
  const tensors: Tensors = {};
  for (const [name, values] of Object.entries(rows)) {
    if (values !== undefined) tensors[name] = { shape: [values.length], data: Float32Array.from(values) };
  }
  return writeTensors(tensors, { log, penalties: JSON.stringify(penalties) });
}

function read(bytes: Uint8Array): LearnedResponses {
  const tensors = readTensors(bytes, NAME);
  const rows = (name: string) => tensors[name] && Float64Array.from(tensors[name].data);
  const part = (of: 'left' | 'mean' | 'elsewhere') => ({
    reward: rows(`${of}.reward`)!,
    spend: rows(`${of}.spend`),
  });
  const penalties = JSON.parse(readTensorMetadata(bytes, NAME).penalties!) as Record<string, number>;
  const [left, mean, there] = [rows('left.later'), rows('mean.later'), rows('elsewhere.later')];
  return {
    responses: { left: part('left'), mean: part('mean'), penalties },
    longRun: left && mean && { left, mean },
    elsewhere: there && { ...part('elsewhere'), later: there },
  };
}

function fingerprint(data: PolicyData, folds: Int32Array): string {
  const hash = createHash('sha256');
  const { states, promotion, meaning, chosen, reward, offsets } = data;
  for (const part of [states, promotion, meaning, chosen, reward, offsets, folds]) {
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}
