/** The Q head (models/q-head.ts) on the kernels. */

import type { QHeadConfig } from '../models/q-head.ts';
import type { Tensors } from '../tensors.ts';
import type { Kernels } from './kernels.ts';
import { checkHead } from './limits.ts';
import { floatLinear, floatProduct, floatsOf, type Linear, loadVector, padded } from './weights.ts';

/** Q of each of `count` actions, [count]; state [sessionWidth + contextWidth], actions [count, actionWidth]. */
export type HeadKernel = (state: Float32Array, actions: Float32Array, count: number) => Float32Array;

/** Actions computed at once: the memory does not grow with a menu. */
const BLOCK = 64;

/** @throws BadInput for sizes beyond the limits or tensors that do not fit them */
export function loadHeadKernel(kernels: Kernels, config: QHeadConfig, tensors: Tensors): HeadKernel {
  checkHead(config, tensors);
  const { memory } = kernels;
  const { actionWidth, hidden } = config;
  const stateWidth = config.sessionWidth + config.contextWidth;
  const [trunk, row, one] = [padded(config.trunk) * 4, padded(hidden) * 4, padded(1) * 4];
  const linear = (name: string): Linear => floatLinear(kernels, tensors, `head.${name}`);
  const [s1, s2, a1, a2, j2, v] = ['s1', 's2', 'a1', 'a2', 'j2', 'v'].map(linear) as SixLayers;
  const [joinS, joinA, joinSA] = joinParts(kernels, tensors, hidden) as [Linear, Linear, Linear];
  const [offset, scale] = floatsOf(tensors, 'head.unit') as unknown as [number, number];

  const state = memory.floats(stateWidth);
  const actions = memory.floats(BLOCK * actionWidth);
  const first = memory.allocate(Math.max(trunk, BLOCK * row));
  const [s, base] = [memory.allocate(row), memory.allocate(row)];
  const [a, sa, joined] = [0, 0, 0].map(() => memory.allocate(BLOCK * row)) as [number, number, number];
  const out = memory.allocate(BLOCK * one);
  /** relu(x * layer), x and y in rows of so many bytes. */
  const dense = (layer: Linear, x: number, xStride: number, y: number, yStride: number, rows = 1): void => {
    layer(x, xStride, y, yStride, rows, false);
    kernels.relu(y, (rows * yStride) / 4);
  };

  /** s, and what the join layer makes of s alone; gives V. */
  const readState = (): number => {
    dense(s1, state, stateWidth * 4, first, trunk);
    dense(s2, first, trunk, s, row);
    joinS(s, row, base, row, 1, false);
    v(s, row, out, one, 1, false);
    return memory.view(out, 1)[0]!;
  };

  /** The advantages of one block, into `into`. */
  const readActions = (block: Float32Array, rows: number, into: Float32Array): void => {
    memory.put(block, actions);
    dense(a1, actions, actionWidth * 4, first, row, rows);
    dense(a2, first, row, a, row, rows);
    for (let i = 0; i < rows; i++) memory.put(memory.view(base, row / 4), joined + i * row);
    joinA(a, row, joined, row, rows, true);
    kernels.multiplyRows(a, s, sa, rows, row / 4);
    joinSA(sa, row, joined, row, rows, true);
    kernels.relu(joined, (rows * row) / 4);
    j2(joined, row, out, one, rows, false);
    const results = memory.view(out, (rows * one) / 4);
    for (let i = 0; i < rows; i++) into[i] = results[(i * one) / 4]!;
  };

  return (given, all, count) => {
    memory.put(given, state);
    const value = readState();
    const q = new Float32Array(count);
    for (let from = 0; from < count; from += BLOCK) {
      const rows = Math.min(BLOCK, count - from);
      const block = all.subarray(from * actionWidth, (from + rows) * actionWidth);
      readActions(block, rows, q.subarray(from));
    }
    const mean = q.reduce((sum, advantage) => sum + advantage, 0) / count;
    return q.map((advantage) => offset + scale * (value + advantage - mean));
  };
}

type SixLayers = [Linear, Linear, Linear, Linear, Linear, Linear];

/** The three blocks of the join layer: [s, a, s*a] * j1 without building the concatenation; the bias goes with s. */
function joinParts(kernels: Kernels, tensors: Tensors, hidden: number): Linear[] {
  const bias = loadVector(kernels, tensors, 'head.j1.b');
  return [bias, 0, 0].map((bias, index) =>
    floatProduct(kernels, tensors, 'head.j1.w', { from: index * hidden, depth: hidden, bias }),
  );
}
