/** What the response model says about a log, at once and later, kept beside the work so that a killed run goes on. */

import { createHash } from 'node:crypto';
import { readTensorMetadata, readTensors, type Tensors, writeTensors } from '../../shared/tensors.ts';
import type { Checkpoints } from '../training-options.ts';
import { openFitEngine, type Solver } from './fit-engine.ts';
import { type LongRun, type LongRunOptions, longRunOf } from './long-run.ts';
import type { PolicyData } from './policy-data.ts';
import { type CrossFitted, crossFittedResponses } from './response-model.ts';

export interface LearnedResponses {
  responses: CrossFitted;
  /** Undefined where later decisions do not follow, or what actions do to them is not clear. */
  longRun: LongRun | undefined;
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
    const responses = await crossFittedResponses(data, folds, foldCount, solver);
    const longRun =
      options && longRunOf(data, folds, foldCount, { reward: responses.left.reward, propensity }, options);
    learned = { responses, longRun };
  } finally {
    await engine.close();
  }
  const bytes = write(learned, log);
  await checkpoints.save(NAME, bytes);
  // As a run that is taken up would see them: float32, so that both go on alike.
  return read(bytes);
}

function write({ responses, longRun }: LearnedResponses, log: string): Uint8Array {
  const { left, mean, penalties } = responses;
  const rows: Record<string, Float64Array | undefined> = {
    'left.reward': left.reward,
    'mean.reward': mean.reward,
    'left.spend': left.spend,
    'mean.spend': mean.spend,
    'left.later': longRun?.left,
    'mean.later': longRun?.mean,
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
  const part = (of: 'left' | 'mean') => ({ reward: rows(`${of}.reward`)!, spend: rows(`${of}.spend`) });
  const penalties = JSON.parse(readTensorMetadata(bytes, NAME).penalties!) as Record<string, number>;
  const [left, mean] = [rows('left.later'), rows('mean.later')];
  return {
    responses: { left: part('left'), mean: part('mean'), penalties },
    longRun: left && mean && { left, mean },
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
