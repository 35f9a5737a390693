/** What an ONNX file must be before a runtime may open it: a signature says who made it, not that it is harmless. */

import { BadInput, placed } from '../errors.ts';
import { OPERATORS } from './operators.ts';
import { type OnnxGraph, type OnnxNode, type OnnxTensor, readOnnx } from './read-model.ts';

export const ONNX_LIMITS = {
  bytes: 64 << 20,
  nodes: 4096,
  initializers: 4096,
  /** Of one tensor. */
  rank: 8,
  /** Of one dimension, and of a number that may become one. */
  dimension: 1 << 24,
  /** Numbers in one tensor. */
  elements: 1 << 26,
} as const;

/** Bytes of one element by TensorProto.DataType: f32, u8, i8, u16, i16, i32, i64, bool, f16, f64, u32, u64, bf16. */
const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2 },
};

/**
 * @param file names it in complaints
 * @throws BadInput for external data, an operator that is not listed, huge dimensions, data of another size than its
 * shape, numbers that are not finite, and whatever our exports never write
 */
export function requireSafeModel(bytes: Uint8Array, file: string): void {
  if (bytes.length > ONNX_LIMITS.bytes)
    throw new BadInput({ file }, `at most ${ONNX_LIMITS.bytes} bytes`, `${bytes.length}`);
  const graph = readOnnx(bytes, file);
  try {
    requireSafeGraph(graph);
  } catch (error) {
    throw placed(error as BadInput, { file });
  }
}

function requireSafeGraph({ nodes, initializers, ports, opsets }: OnnxGraph): void {
  atMost(nodes.length, ONNX_LIMITS.nodes, 'nodes');
  atMost(initializers.length, ONNX_LIMITS.initializers, 'initializers');
  for (const domain of opsets)
    if (domain !== '' && domain !== 'com.microsoft')
      throw new BadInput({ field: 'opset' }, "'' or com.microsoft", domain);
  for (const node of nodes) requireOperator(node);
  const boundsOfSlices = boundsOnly(nodes);
  for (const tensor of initializers) requireTensor(tensor, !boundsOfSlices.has(tensor.name));
  for (const { name, dims } of ports)
    for (const dim of dims) if (dim !== undefined) requireDimension(dim, name);
}

function requireOperator({ type, domain, attributes }: OnnxNode): void {
  const name = domain === '' ? type : `${domain}.${type}`;
  if (!OPERATORS.has(name)) throw new BadInput({ field: name }, 'an operator of the list', 'another one');
  for (const { name: field, floats, ints, tensor } of attributes) {
    if (!floats.every(Number.isFinite)) throw new BadInput({ field }, 'finite numbers', floats.join());
    for (const value of ints) requireDimension(Math.abs(value), field);
    if (tensor !== undefined) requireTensor(tensor, true);
  }
}

function requireTensor({ name, dataType, dims, raw }: OnnxTensor, mayBeShape: boolean): void {
  atMost(dims.length, ONNX_LIMITS.rank, name);
  for (const dim of dims) requireDimension(dim, name);
  const elements = dims.reduce((product, dim) => product * dim, 1);
  atMost(elements, ONNX_LIMITS.elements, name);
  const size = ELEMENT_BYTES[dataType];
  if (size === undefined)
    throw new BadInput(
      { field: name },
      `a data type of ${Object.keys(ELEMENT_BYTES).join(', ')}`,
      `${dataType}`,
    );
  if (raw.length !== elements * size)
    throw new BadInput({ field: name }, `${elements * size} bytes for shape [${dims}]`, `${raw.length}`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (!allFinite(view, dataType)) throw new BadInput({ field: name }, 'finite numbers', 'NaN or infinity');
  if (dataType === 7 && mayBeShape) {
    for (let at = 0; at < raw.length; at += 8)
      requireDimension(Math.abs(Number(view.getBigInt64(at, true))), name);
  }
}

/** A slice to the end is written with the largest integer there is. */
function boundsOnly(nodes: readonly OnnxNode[]): Set<string> {
  const bounds = new Set(
    nodes.filter(({ type }) => type === 'Slice').flatMap(({ inputs }) => inputs.slice(1)),
  );
  for (const { type, inputs } of nodes)
    for (const name of type === 'Slice' ? inputs.slice(0, 1) : inputs) bounds.delete(name);
  return bounds;
}

/** All ones in the exponent are NaN or infinity in every IEEE 754 format, and in bfloat16. */
function allFinite(view: DataView, dataType: number): boolean {
  const [step, mask] = { 1: [4, 0x7f80], 10: [2, 0x7c00], 11: [8, 0x7ff0], 16: [2, 0x7f80] }[dataType] ?? [];
  if (step === undefined || mask === undefined) return true;
  // The last two bytes of each, little-endian, hold sign and exponent.
  for (let at = step - 2; at < view.byteLength; at += step)
    if ((view.getUint16(at, true) & mask) === mask) return false;
  return true;
}

function requireDimension(value: number, field: string): void {
  if (value >= 0 && value <= ONNX_LIMITS.dimension) return;
  throw new BadInput({ field }, `sizes from 0 to ${ONNX_LIMITS.dimension}`, `${value}`);
}

function atMost(value: number, limit: number, field: string): void {
  if (value > limit) throw new BadInput({ field }, `at most ${limit}`, `${value}`);
}
