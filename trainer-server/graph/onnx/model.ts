/** The part of an ONNX model that we write. Names follow onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */

import type { DType } from '../graph.ts';
import type { Shape } from '../shape.ts';

/** Integers and floats share a type in JavaScript, so a float attribute says so. */
export type Attribute = number | readonly number[] | string | { float: number };

export interface OnnxNode {
  type: string;
  /** '' is the standard, 'com.microsoft' ONNX Runtime's own. */
  domain: string;
  /** An empty name is an absent optional input. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Record<string, Attribute>;
}

export interface OnnxTensor {
  dtype: DType;
  shape: readonly number[];
  data: Float32Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;
}

export interface OnnxPort {
  name: string;
  dtype: DType;
  shape: Shape;
}

export interface OnnxModel {
  nodes: readonly OnnxNode[];
  initializers: ReadonlyMap<string, OnnxTensor>;
  inputs: readonly OnnxPort[];
  outputs: readonly OnnxPort[];
}
