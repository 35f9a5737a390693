/** The Q head as it is published: int8, rounded for the decisions of the log. */

import { SCALE_SUFFIX } from '../../shared/bundle.ts';
import { MEANING_WIDTH } from '../../shared/features/actions.ts';
import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { dense, relu } from '../../shared/policy/head.ts';
import { dequantizeColumns } from '../../shared/quantize.ts';
import type { Tensors } from '../../shared/tensors.ts';
import type { PolicyData } from './policy-data.ts';
import type { Parameters } from './q-network.ts';
import { roundColumns } from './round-columns.ts';

/** Promotions of logged decisions that are rounded for, at most. */
const ROWS = 20_000;

/**
 * Layer by layer, each for what the rounded layers before it make of the log's states and promotions (at no price of budget
 * and at prices between, as the head was taught).
 * @returns each matrix `m` as `m` (int8) and `m.scale`, each bias as float32
 */
export function packHead(parameters: Parameters, config: QHeadConfig, data: PolicyData): Tensors {
  const packed: Tensors = {};
  const layer = (name: string, inputs: readonly Float32Array[]): Float32Array[] => {
    const matrix = `head.${name}.w`;
    const bias = `head.${name}.b`;
    const rounded = roundColumns(parameters[matrix]!, parameters[bias]!, inputs, matrix);
    packed[matrix] = rounded.weights.int8;
    packed[matrix + SCALE_SUFFIX] = rounded.weights.scale;
    packed[bias] = rounded.bias;
    const weights = dequantizeColumns(rounded.weights, matrix).data;
    return inputs.map((x) => relu(dense(x, weights, rounded.bias.data)));
  };
  const { states, actions, stateOf } = inputsOf(data, config);
  const s = layer('s2', layer('s1', states));
  const a = layer('a2', layer('a1', actions));
  const joint = a.map((own, row) => {
    const state = s[stateOf[row]!]!;
    return Float32Array.of(...state, ...own, ...own.map((x, k) => x * state[k]!));
  });
  layer('j2', layer('j1', joint));
  layer('v', s);
  return packed;
}

/** The head's inputs at logged decisions, evenly from the whole log. */
function inputsOf(data: PolicyData, config: QHeadConfig) {
  const width = data.sessionWidth + data.contextWidth;
  const priced = config.sessionWidth + config.contextWidth - width;
  const take = Math.min(data.count, Math.ceil((ROWS * data.count) / data.offsets[data.count]!));
  const states: Float32Array[] = [];
  const actions: Float32Array[] = [];
  const stateOf: number[] = [];
  for (let n = 0; n < take; n++) {
    const i = Math.floor((n * data.count) / take);
    const state = new Float32Array(width + priced);
    state.set(data.states.subarray(i * width, (i + 1) * width));
    // Half at no price; the golden ratio spreads the others evenly, however many there are.
    if (priced > 0 && n % 2 === 1) state[width] = (n * 0.618_033_988_75) % 1;
    states.push(state);
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      actions.push(actionAt(data, row));
      stateOf.push(n);
    }
  }
  return { states, actions, stateOf };
}

function actionAt({ terms, termsWidth, meaning, promotion }: PolicyData, row: number): Float32Array {
  const action = new Float32Array(termsWidth + MEANING_WIDTH);
  const own = promotion[row]!;
  action.set(terms.subarray(own * termsWidth, (own + 1) * termsWidth));
  action.set(meaning.subarray(row * MEANING_WIDTH, (row + 1) * MEANING_WIDTH), termsWidth);
  return action;
}
