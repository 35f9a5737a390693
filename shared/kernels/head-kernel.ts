/** The Q head (models/q-head.ts) on the kernels. */

import type { QHeadConfig } from '../models/q-head.ts';
import type { Tensors } from '../tensors.ts';
import type { Kernels } from './kernels.ts';
import { checkHead } from './limits.ts';
import { floatLinear, floatProduct, floatsOf, type Linear, loadVector, padded } from './weights.ts';

export interface HeadKernel {
  /** Q of each of `count` actions; state [sessionWidth + contextWidth], actions [count, actionWidth]. */
  score(state: Float32Array, actions: Float32Array, count: number): Float32Array;
}

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
  const layers = { s1: linear('s1'), s2: linear('s2'), a1: linear('a1'), a2: linear('a2') };
  const [joinS, joinA, joinSA] = joinParts(kernels, tensors, hidden);
  const [j2, v] = [linear('j2'), linear('v')];
  const [offset, scale] = floatsOf(tensors, 'head.unit') as unknown as [number, number];

  const state = memory.floats(stateWidth);
  const s1 = memory.allocate(trunk);
  const s = memory.allocate(row);
  const base = memory.allocate(row);
  const actions = memory.floats(BLOCK * actionWidth);
  const [a1, a, sa, joined] = [0, 0, 0, 0].map(() => memory.allocate(BLOCK * row)) as [
    number,
    number,
    number,
    number,
  ];
  const out = memory.allocate(BLOCK * one);
  const relu = (x: number, rows: number, bytes: number): void => kernels.relu(x, (rows * bytes) / 4);

  /** s, and what the join layer makes of s alone; gives V. */
  const readState = (): number => {
    layers.s1(state, stateWidth * 4, s1, trunk, 1, false);
    relu(s1, 1, trunk);
    layers.s2(s1, trunk, s, row, 1, false);
    relu(s, 1, row);
    joinS(s, row, base, row, 1, false);
    v(s, row, out, one, 1, false);
    return memory.view(out, 1)[0]!;
  };

  /** The advantages of one block, into `into`. */
  const readActions = (block: Float32Array, rows: number, into: Float32Array): void => {
    memory.view(actions, block.length).set(block);
    layers.a1(actions, actionWidth * 4, a1, row, rows, false);
    relu(a1, rows, row);
    layers.a2(a1, row, a, row, rows, false);
    relu(a, rows, row);
    for (let i = 0; i < rows; i++) memory.view(joined + i * row, row / 4).set(memory.view(base, row / 4));
    joinA(a, row, joined, row, rows, true);
    kernels.multiplyRows(a, s, sa, rows, row / 4);
    joinSA(sa, row, joined, row, rows, true);
    relu(joined, rows, row);
    j2(joined, row, out, one, rows, false);
    const results = memory.view(out, (rows * one) / 4);
    for (let i = 0; i < rows; i++) into[i] = results[(i * one) / 4]!;
  };

  return {
    score(given, all, count) {
      memory.view(state, stateWidth).set(given);
      const value = readState();
      const q = new Float32Array(count);
      for (let from = 0; from < count; from += BLOCK) {
        const rows = Math.min(BLOCK, count - from);
        const block = all.subarray(from * actionWidth, (from + rows) * actionWidth);
        readActions(block, rows, q.subarray(from, from + rows));
      }
      const mean = q.reduce((sum, advantage) => sum + advantage, 0) / count;
      return q.map((advantage) => offset + scale * (value + advantage - mean));
    },
  };
}

/** The three blocks of the join layer: [s, a, s*a] * j1 without building the concatenation; the bias goes with s. */
function joinParts(kernels: Kernels, tensors: Tensors, hidden: number): [Linear, Linear, Linear] {
  const bias = loadVector(kernels, tensors, 'head.j1.b');
  const part = (index: number): Linear =>
    floatProduct(kernels, tensors, 'head.j1.w', {
      from: index * hidden,
      depth: hidden,
      bias: index === 0 ? bias : 0,
    });
  return [part(0), part(1), part(2)];
}
