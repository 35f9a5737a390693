/** A tuned teacher kept by a run that may be killed before its end, so that `--resume` does not tune it again. */

import { readTensorMetadata, readTensors, type Tensor, writeTensors } from '../../../shared/tensors.ts';
import type { Checkpoints } from '../../training-options.ts';
import type { BertConfig } from '../bert/bert-config.ts';
import type { BertCheckpoint } from './teacher.ts';
import type { TunedTeacher } from './tune-teacher.ts';

const CHECKPOINT = 'teacher';

/** @returns what was saved */
export async function saveTeacher(tuned: TunedTeacher, checkpoints: Checkpoints): Promise<TunedTeacher> {
  const { checkpoint, report } = tuned;
  const told = JSON.stringify({ report, config: checkpoint?.bert.config });
  await checkpoints.save(CHECKPOINT, writeTensors(checkpoint?.bert.parameters ?? {}, { told }));
  return tuned;
}

/** @param published what it was tuned from, whose tokenizer and pooling it has */
export async function savedTeacher(
  published: BertCheckpoint,
  checkpoints: Checkpoints,
): Promise<TunedTeacher | undefined> {
  const bytes = await checkpoints.load(CHECKPOINT);
  if (bytes === undefined) return undefined;
  const { report, config } = JSON.parse(readTensorMetadata(bytes, CHECKPOINT).told!) as {
    report: TunedTeacher['report'];
    config?: BertConfig;
  };
  if (config === undefined) return { report };
  const parameters = readTensors(bytes, CHECKPOINT) as Record<string, Tensor<Float32Array>>;
  return { checkpoint: { ...published, bert: { ...published.bert, config, parameters } }, report };
}
