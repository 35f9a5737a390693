/** Products of int8 weights and 7-bit activations: the second WebAssembly module, which the text encoder alone needs. */

import { integersOf, quantizeColumns, unpackParameter } from '../quantize.ts';
import type { Tensors } from '../tensors.ts';
import { instantiateKernels, type KernelModules, type Kernels } from './kernels.ts';
import { type Linear, loadVector } from './weights.ts';

type Address = number;

/** Exports of assembly/dot.ts. */
interface Dot {
  integerSize(): number;
  packIntegers(
    from: Address,
    scale: Address,
    to: Address,
    sums: Address,
    depth: number,
    columns: number,
  ): void;
  quantizeRows(x: Address, to: Address, ranges: Address, rows: number, depth: number): void;
  multiplyIntegers(
    ...of: [
      a: Address,
      ranges: Address,
      b: Address,
      scale: Address,
      sums: Address,
      bias: Address,
      c: Address,
      cStride: number,
      rows: number,
      depth: number,
      columns: number,
      accumulate: boolean,
    ]
  ): void;
}

/** Compiled once, instantiated for every engine. */
export interface IntegerModules extends KernelModules {
  dot: WebAssembly.Module;
}

export type IntegerKernels = Kernels & Dot;

export async function instantiateIntegerKernels({ core, dot }: IntegerModules): Promise<IntegerKernels> {
  const kernels = await instantiateKernels({ core });
  const { exports } = await WebAssembly.instantiate(dot, { env: { memory: kernels.memory.memory } });
  return { ...kernels, ...(exports as unknown as Dot) };
}

/** Room for the integers of activations, shared by the products of one network. */
export interface IntegerRoom {
  integers: number;
  ranges: number;
}

/** Room for `rows` activations of at most `depth`. */
export function integerRoom(kernels: IntegerKernels, rows: number, depth: number): IntegerRoom {
  const { memory } = kernels;
  return {
    integers: memory.allocate(rows * depth * kernels.integerSize()),
    ranges: memory.floats(rows * 2),
  };
}

/**
 * `prefix.w` and `prefix.b` as int8 weights times 7-bit activations: within a hundredth or so of float32, at half
 * the time. x is dense; its rows, and those of y, must have room up to the next multiple of 4.
 */
export function integerLinear(
  kernels: IntegerKernels,
  tensors: Tensors,
  prefix: string,
  room: IntegerRoom,
): Linear {
  const { memory } = kernels;
  const name = `${prefix}.w`;
  const { int8, scale } = integersOf(tensors, name) ?? quantizeColumns(unpackParameter(tensors, name), name);
  const [depth, columns] = int8.shape as [number, number];
  const bias = loadVector(kernels, tensors, `${prefix}.b`);
  const scales = memory.put(scale.data);
  const sums = memory.floats(columns);
  const weights = memory.allocate(depth * columns * kernels.integerSize());
  memory.borrow(depth * columns, (at) => {
    memory.put(int8.data, at);
    kernels.packIntegers(at, scales, weights, sums, depth, columns);
  });
  const { integers, ranges } = room;
  return (x, _xStride, y, yStride, rows, accumulate) => {
    kernels.quantizeRows(x, integers, ranges, rows, depth);
    const whole = (rows + 3) & ~3;
    kernels.multiplyIntegers(
      ...([
        integers,
        ranges,
        weights,
        scales,
        sums,
        bias,
        y,
        yStride,
        whole,
        depth,
        columns,
        accumulate,
      ] as const),
    );
  };
}
