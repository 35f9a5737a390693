/** Where the training of a session encoder stands: for a run that goes on after a kill. */

import { readTensors, type Tensor, type Tensors, tensorOf, writeTensors } from '../../shared/tensors.ts';
import type { Training } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';

/** The parameters that ranked the held-out cases best, and how well. */
export interface Best {
  parameters: Record<string, Tensor<Float32Array>>;
  table: Float32Array;
  quality: number;
}

const NAME = 'session';

export interface Place {
  epochNumber: number;
  /** Step at which the epoch began. */
  epochBegan: number;
}

/** Replaces what was saved before. */
export async function saveSession(
  training: Training,
  place: Place,
  best: Best,
  checkpoints: TrainingOptions['checkpoints'],
): Promise<void> {
  const tensors: Tensors = {
    ...prefixed('state/', await training.state()),
    ...prefixed('best/', best.parameters),
    'best.table': { shape: [best.table.length], data: best.table },
    'best.quality': { shape: [1], data: Float32Array.of(best.quality) },
    place: { shape: [2], data: Int32Array.of(place.epochNumber, place.epochBegan) },
  };
  await checkpoints.save(NAME, writeTensors(tensors));
}

/** From where an earlier run was killed; from the beginning where there was none. @throws BadInput for a broken file */
export async function resumeSession(
  training: Training,
  checkpoints: TrainingOptions['checkpoints'],
): Promise<Place & { step: number; best: Best | undefined }> {
  const bytes = await checkpoints.load(NAME);
  if (bytes === undefined) return { step: 0, epochNumber: 0, epochBegan: 0, best: undefined };
  const tensors = readTensors(bytes, `${NAME} checkpoint`);
  const state = unprefixed('state/', tensors);
  await training.restore(state);
  const best = {
    parameters: unprefixed('best/', tensors) as Best['parameters'],
    table: tensorOf(tensors, 'best.table').data as Float32Array,
    quality: tensorOf(tensors, 'best.quality').data[0]!,
  };
  const [epochNumber, epochBegan] = tensorOf(tensors, 'place', [2]).data;
  return { step: tensorOf(state, 'step').data[0]!, epochNumber: epochNumber!, epochBegan: epochBegan!, best };
}

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

const unprefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
