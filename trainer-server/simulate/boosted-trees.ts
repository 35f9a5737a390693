/**
 * Histogram gradient boosting for vectors: one ensemble predicts the reward of every action at once.
 *
 * Squared loss; each tree is grown on a random projection of the residuals to a few dimensions and its leaves then
 * take the mean of the whole residual vectors (Iosipovich and Vakhrushev, SketchBoost, NeurIPS 2022, "random
 * projections"), so that the cost of a split does not grow with the number of actions.
 */

import { type Random, shuffle } from '../../shared/random.ts';

export interface BoostingOptions {
  trees: number;
  learningRate: number;
  depth: number;
  /** Rows a leaf must hold. */
  leastRows: number;
  /** Share of rows and of features that a tree looks at. */
  rowShare: number;
  featureShare: number;
  /** Dimensions of the projection. */
  sketch: number;
}

/** Measured on the stationary world: more trees or depth gain less than 0.2 % of the value. */
export const BOOSTING: BoostingOptions = {
  trees: 250,
  learningRate: 0.08,
  depth: 6,
  leastRows: 40,
  rowShare: 0.5,
  featureShare: 0.3,
  sketch: 2,
};

export interface BoostedTrees {
  outputs: number;
  edges: Float32Array[];
  /** Mean of the targets, [outputs]. */
  base: Float32Array;
  trees: Tree[];
}

/** A complete binary tree in level order: node i has children 2i+1 and 2i+2. */
interface Tree {
  /** -1 where the node is a leaf. */
  feature: Int16Array;
  /** Rows whose bin is at most this go left. */
  bin: Uint8Array;
  /** [nodes, outputs], learning rate included; only leaves hold something. */
  value: Float32Array;
}

const MOST_BINS = 64;

/**
 * @param x [rows, features]
 * @param y [rows, outputs]
 */
export function fitBoostedTrees(
  x: readonly Float32Array[],
  y: readonly ArrayLike<number>[],
  options: BoostingOptions,
  random: Random,
): BoostedTrees {
  const rows = x.length;
  const outputs = y[0]!.length;
  const edges = binEdges(x, random);
  const bins = edges.map((own, f) => Uint8Array.from(x, (row) => binOf(own, row[f]!)));
  const base = new Float32Array(outputs);
  for (const row of y) for (let k = 0; k < outputs; k++) base[k]! += row[k]! / rows;
  const residual = new Float32Array(rows * outputs);
  y.forEach((row, i) => {
    for (let k = 0; k < outputs; k++) residual[i * outputs + k] = row[k]! - base[k]!;
  });
  const trees: Tree[] = [];
  for (let t = 0; t < options.trees; t++) {
    const tree = growTree(bins, residual, outputs, options, random);
    trees.push(tree);
    for (let i = 0; i < rows; i++) {
      const leaf = leafOf(tree, (feature) => bins[feature]![i]!);
      for (let k = 0; k < outputs; k++) residual[i * outputs + k]! -= tree.value[leaf * outputs + k]!;
    }
  }
  return { outputs, edges, base, trees };
}

/** Predicted means, [outputs]. */
export function predictBoostedTrees(model: BoostedTrees, x: Float32Array): Float32Array {
  const out = model.base.slice();
  const bins = model.edges.map((own, f) => binOf(own, x[f]!));
  for (const tree of model.trees) {
    const leaf = leafOf(tree, (feature) => bins[feature]!);
    for (let k = 0; k < out.length; k++) out[k]! += tree.value[leaf * model.outputs + k]!;
  }
  return out;
}

/** Quantile edges of each feature, distinct, from at most 10,000 rows. */
function binEdges(x: readonly Float32Array[], random: Random): Float32Array[] {
  const sample = x.length <= 10_000 ? x : Array.from({ length: 10_000 }, () => x[random.int(x.length)]!);
  return Array.from(x[0]!, (_, f) => {
    const sorted = Float32Array.from(sample, (row) => row[f]!).sort();
    const edges = Array.from(
      { length: MOST_BINS - 1 },
      (_, b) => sorted[Math.floor(((b + 1) * sorted.length) / MOST_BINS)]!,
    );
    return Float32Array.from(new Set(edges));
  });
}

function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > edges[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

function leafOf(tree: Tree, binAt: (feature: number) => number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) node = 2 * node + (binAt(tree.feature[node]!) <= tree.bin[node]! ? 1 : 2);
  return node;
}

function growTree(
  bins: readonly Uint8Array[],
  residual: Float32Array,
  outputs: number,
  options: BoostingOptions,
  random: Random,
): Tree {
  const { depth, sketch } = options;
  const rows = bins[0]!.length;
  const nodes = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int16Array(nodes).fill(-1),
    bin: new Uint8Array(nodes),
    value: new Float32Array(nodes * outputs),
  };
  const chosen = sampleRows(rows, options.rowShare, random);
  const gradient = project(residual, outputs, chosen, sketch, random);
  const features = shuffle([...bins.keys()], random).slice(
    0,
    Math.max(1, Math.round(options.featureShare * bins.length)),
  );
  const at = new Int32Array(chosen.length);
  for (let level = 0; level < depth; level++) {
    const first = 2 ** level - 1;
    splitLevel(tree, first, bins, chosen, at, gradient, features, options);
    for (let i = 0; i < chosen.length; i++) {
      const node = at[i]!;
      const feature = tree.feature[node]!;
      if (feature >= 0) at[i] = 2 * node + (bins[feature]![chosen[i]!]! <= tree.bin[node]! ? 1 : 2);
    }
  }
  fillLeaves(tree, chosen, at, residual, outputs, options.learningRate);
  return tree;
}

function sampleRows(rows: number, share: number, random: Random): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => i).filter(() => random.next() < share);
}

/** [chosen, sketch]: the residuals seen from a few random directions. */
function project(
  residual: Float32Array,
  outputs: number,
  chosen: Int32Array,
  sketch: number,
  random: Random,
): Float32Array {
  const directions = Float32Array.from({ length: outputs * sketch }, () => random.normal());
  const out = new Float32Array(chosen.length * sketch);
  for (let i = 0; i < chosen.length; i++) {
    const from = chosen[i]! * outputs;
    for (let k = 0; k < outputs; k++) {
      const value = residual[from + k]!;
      for (let s = 0; s < sketch; s++) out[i * sketch + s]! += value * directions[k * sketch + s]!;
    }
  }
  return out;
}

/** Finds the best split of each node of one level. */
function splitLevel(
  tree: Tree,
  first: number,
  bins: readonly Uint8Array[],
  chosen: Int32Array,
  at: Int32Array,
  gradient: Float32Array,
  features: readonly number[],
  { sketch, leastRows }: BoostingOptions,
): void {
  const nodes = first + 1;
  const width = sketch + 1;
  const best = new Float64Array(nodes);
  const histogram = new Float64Array(nodes * MOST_BINS * width);
  for (const feature of features) {
    histogram.fill(0);
    const own = bins[feature]!;
    for (let i = 0; i < chosen.length; i++) {
      const node = at[i]! - first;
      if (node < 0) continue;
      const cell = (node * MOST_BINS + own[chosen[i]!]!) * width;
      histogram[cell]!++;
      for (let s = 0; s < sketch; s++) histogram[cell + 1 + s]! += gradient[i * sketch + s]!;
    }
    for (let node = 0; node < nodes; node++) {
      const from = node * MOST_BINS * width;
      const split = bestSplit(histogram.subarray(from, from + MOST_BINS * width), width, leastRows);
      if (split.gain <= best[node]!) continue;
      best[node] = split.gain;
      tree.feature[first + node] = feature;
      tree.bin[first + node] = split.bin;
    }
  }
}

/** Largest fall of the squared error: |sum left|^2 / n left + |sum right|^2 / n right - |sum|^2 / n. */
function bestSplit(cells: Float64Array, width: number, leastRows: number): { gain: number; bin: number } {
  const total = new Float64Array(width);
  for (let c = 0; c < cells.length; c++) total[c % width]! += cells[c]!;
  const left = new Float64Array(width);
  let gain = 0;
  let bin = 0;
  for (let b = 0; b < MOST_BINS - 1; b++) {
    for (let w = 0; w < width; w++) left[w]! += cells[b * width + w]!;
    const rows = left[0]!;
    const others = total[0]! - rows;
    if (rows < leastRows) continue;
    if (others < leastRows) break;
    let own = 0;
    for (let w = 1; w < width; w++) {
      const right = total[w]! - left[w]!;
      own += left[w]! ** 2 / rows + right ** 2 / others - total[w]! ** 2 / total[0]!;
    }
    if (own > gain) {
      gain = own;
      bin = b;
    }
  }
  return { gain, bin };
}

function fillLeaves(
  tree: Tree,
  chosen: Int32Array,
  at: Int32Array,
  residual: Float32Array,
  outputs: number,
  learningRate: number,
): void {
  const count = new Int32Array(tree.feature.length);
  for (let i = 0; i < chosen.length; i++) {
    count[at[i]!]!++;
    for (let k = 0; k < outputs; k++)
      tree.value[at[i]! * outputs + k]! += residual[chosen[i]! * outputs + k]!;
  }
  for (let node = 0; node < count.length; node++) {
    if (count[node] === 0) continue;
    for (let k = 0; k < outputs; k++) tree.value[node * outputs + k]! *= learningRate / count[node]!;
  }
}
