/**
 * Training without Python: a differentiator that builds forward pass, backward pass and AdamW as one ONNX graph.
 *
 * @example
 * const training = await startTraining({
 *   parameters: { w: { shape: [4, 2], data: initial } },
 *   inputs: { x: { dtype: 'f32', shape: [32, 4] }, label: { dtype: 'i32', shape: [32] } },
 *   loss: (g, p, x) => ({ loss: crossEntropy(matmul(x.x!, p.w!), x.label!) }),
 *   optimiser: { weightDecay: 0.01, clipNorm: 1 },
 * });
 * for (let step = 0; step < 100; step++) {
 *   const { loss } = await training.step({ x: batch, label }, learningRate({ peak: 1e-3, steps: 100 }, step));
 * }
 * const { w } = await training.parameters();
 * await training.close();
 *
 * const onnx = inferenceModel({
 *   inputs: { x: { dtype: 'f32', shape: ['batch', 4] } },
 *   parameters: { w },
 *   build: (g, p, x) => ({ probabilities: softmax(matmul(x.x!, p.w!)) }),
 * });
 * const session = await openSession(onnx);
 * const { probabilities } = await session.run({ x: { shape: [1, 4], data: one } });
 */

export { type Checkpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
export type { Device, DeviceChoice } from './device.ts';
export { gradients } from './gradient.ts';
export { type DType, Graph, type Operand, type Value } from './graph.ts';
export {
  type Fed,
  type InferenceModel,
  inferenceModel,
  openSession,
  type QuantizedParameter,
  type Session,
} from './inference.ts';
export * from './ops/all.ts';
export { ADAMW, type AdamW } from './optimiser.ts';
export { packedParameters } from './packed-parameters.ts';
export type { InputSpec, Program } from './program.ts';
export type { Feeds, StepResult } from './protocol.ts';
export { learningRate, SCHEDULE, type Schedule } from './schedule.ts';
export { type Dim, type Shape, ShapeError } from './shape.ts';
export { startTraining, type Training, type TrainingOptions } from './training.ts';
