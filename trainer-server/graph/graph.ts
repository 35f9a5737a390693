/**
 * A graph under construction: the ONNX nodes in order, and beside them the tape of differentiable steps.
 *
 * An operator appends nodes, computes the shapes of what they give, and records how a cotangent of its result
 * becomes cotangents of its inputs (its pullback). `gradient.ts` walks the tape backwards and so appends more nodes
 * to the same graph; `onnx/write.ts` keeps those that an output needs.
 */

import type { Attribute, OnnxNode, OnnxTensor } from './onnx/model.ts';
import { type Dim, type Shape, ShapeError, showShape } from './shape.ts';

export type DType = 'f32' | 'i32' | 'i64' | 'bool' | 'i8' | 'u8';

/** A tensor that will exist when the graph runs. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An operand: a bare number is a constant of the other operand's type. */
export type Operand = Value | number;

/** From the results' cotangents to the inputs'; undefined where there is none. */
export type Pullback = (...cotangents: (Value | undefined)[]) => (Value | undefined)[];

export interface TapeStep {
  inputs: readonly Value[];
  outputs: readonly Value[];
  pullback: Pullback;
}

export interface GraphOptions {
  /**
   * `cpu` may use ONNX Runtime's fused operators (FusedMatMul, LogSoftmax); `portable` keeps to those that the WebGPU
   * and WASM builds run too. WebGPU takes a node it lacks to the CPU without a word, so it must never see one.
   */
  target: 'cpu' | 'portable';
  /** Dropout acts only while training. */
  training: boolean;
}

interface NodeOptions {
  attributes?: Record<string, Attribute>;
  domain?: string;
}

export class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly inputs: Value[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  readonly tape: TapeStep[] = [];
  /** What lies behind a dequantized parameter, so that `gather` can read int8 rows instead of a whole table. */
  readonly quantized = new Map<Value, { int8: Value; scale: Value; axis: 0 | 1 }>();
  /** Multiplications and additions of the matrix products so far: nearly all the work, where lengths are known. */
  flops = 0;
  private readonly constants = new Map<string, Value>();
  private readonly rows = new Map<number, Value>();
  private count = 0;

  constructor(readonly options: GraphOptions) {}

  get fused(): boolean {
    return this.options.target === 'cpu';
  }

  get training(): boolean {
    return this.options.training;
  }

  /** A tensor fed at every run. */
  input(name: string, dtype: DType, shape: Shape): Value {
    const value = this.value(name, dtype, shape);
    this.inputs.push(value);
    return value;
  }

  /** A tensor stored in the graph under its own name. */
  stored(name: string, dtype: DType, shape: readonly number[], data: OnnxTensor['data']): Value {
    this.initializers.set(name, { dtype, shape, data });
    return this.value(name, dtype, shape);
  }

  /** A name for a tensor that `bind` (or a prelude) will produce. */
  value(name: string, dtype: DType, shape: Shape): Value {
    return { graph: this, name, shape, dtype };
  }

  /** A constant; scalars and short lists are shared. */
  constant(
    data: number | readonly number[] | Float32Array | Int32Array,
    dtype: DType = 'f32',
    shape?: readonly number[],
  ): Value {
    const values = typeof data === 'number' ? [data] : data;
    const dims = shape ?? (typeof data === 'number' ? [] : [values.length]);
    const key =
      values.length <= 16
        ? `${dtype}[${dims}]${[...values].map((v) => (Object.is(v, -0) ? '-0' : v))}`
        : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const value = this.stored(this.fresh('constant'), dtype, dims, typedArray(dtype, values));
    if (key !== undefined) this.constants.set(key, value);
    return value;
  }

  /** A row [1, length] of ones, shared. */
  ones(length: number): Value {
    const known = this.rows.get(length);
    if (known !== undefined) return known;
    const row = this.constant(new Float32Array(length).fill(1), 'f32', [1, length]);
    this.rows.set(length, row);
    return row;
  }

  /** Appends one ONNX node. It leaves no trace on the tape: see `record`. */
  node(
    type: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly { shape: Shape; dtype?: DType }[],
    options: NodeOptions = {},
  ): Value[] {
    const values = outputs.map(({ shape, dtype }) => this.value(this.fresh(type), dtype ?? 'f32', shape));
    this.nodes.push({
      type,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: values.map((value) => value.name),
      attributes: options.attributes ?? {},
    });
    return values;
  }

  /** Puts a differentiable step on the tape. */
  record(inputs: readonly Value[], outputs: readonly Value[], pullback: Pullback): void {
    this.tape.push({ inputs, outputs, pullback });
  }

  /** Builds with steps of its own gradient: what `build` itself would have recorded is forgotten. */
  composed(
    inputs: readonly Value[],
    build: () => Value,
    pullback: (cotangent: Value) => (Value | undefined)[],
  ): Value {
    const mark = this.tape.length;
    const result = build();
    this.tape.length = mark;
    this.record(inputs, [result], (cotangent) => (cotangent === undefined ? [] : pullback(cotangent)));
    return result;
  }

  /** The shape as an int64 tensor, for operators that take one; named lengths are read from the inputs at run time. */
  shapeValue(shape: Shape): Value {
    if (shape.every((dim) => typeof dim === 'number')) return this.constant(shape as number[], 'i64');
    const parts = shape.map((dim) => this.lengthValue(dim));
    return this.node('Concat', parts, [{ shape: [shape.length], dtype: 'i64' }], {
      attributes: { axis: 0 },
    })[0]!;
  }

  /** One length as an int64 tensor [1]. */
  lengthValue(dim: Dim): Value {
    if (typeof dim === 'number') return this.constant([dim], 'i64');
    const factors = dim
      .split('*')
      .map((part) => (/^\d+$/.test(part) ? this.constant([Number(part)], 'i64') : this.named(part)));
    return factors.reduce((a, b) => this.node('Mul', [a, b], [{ shape: [1], dtype: 'i64' }])[0]!);
  }

  private named(dim: string): Value {
    for (const input of this.inputs) {
      const axis = input.shape.indexOf(dim);
      if (axis < 0) continue;
      const options = { attributes: { start: axis, end: axis + 1 } };
      return this.node('Shape', [input], [{ shape: [1], dtype: 'i64' }], options)[0]!;
    }
    const known = this.inputs.map((input) => `${input.name} ${showShape(input.shape)}`).join(', ');
    throw new ShapeError(`expected an input with an axis named '${dim}', got ${known || 'no inputs'}`);
  }

  private fresh(type: string): string {
    return `${type}_${this.count++}`;
  }
}

/** One node of one result, with its gradient. */
export function operation(
  type: string,
  inputs: readonly Value[],
  result: { shape: Shape; dtype?: DType } & NodeOptions,
  pullback: (cotangent: Value, result: Value) => (Value | undefined)[],
): Value {
  const { graph } = inputs[0]!;
  const output = graph.node(type, inputs, [result], result)[0]!;
  graph.record(inputs, [output], (cotangent) => (cotangent === undefined ? [] : pullback(cotangent, output)));
  return output;
}

/** One node of one result that has no gradient: comparisons, casts to integers, masks. */
export function undifferentiated(
  type: string,
  inputs: readonly Value[],
  result: { shape: Shape; dtype?: DType } & NodeOptions,
): Value {
  return inputs[0]!.graph.node(type, inputs, [result], result)[0]!;
}

function typedArray(dtype: DType, values: ArrayLike<number>): OnnxTensor['data'] {
  switch (dtype) {
    case 'f32':
      return Float32Array.from(values);
    case 'i32':
      return Int32Array.from(values);
    case 'i64':
      return BigInt64Array.from(Array.from(values, BigInt));
    case 'i8':
      return Int8Array.from(values);
    case 'u8':
    case 'bool':
      return Uint8Array.from(values);
  }
}
