/**
 * How far the forms of one network lie apart: float32 as exported, int8 on ONNX Runtime, int8 on the small kernels.
 * Stored in the manifest when a bundle is made, and measured by the `parity` bench.
 */

import { argmax } from '../../shared/choose.ts';
import { candidatesOf, type DecisionModel } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import type { Engine } from '../../shared/engine.ts';
import { actionsOf } from '../../shared/features/actions.ts';
import { contextOf } from '../../shared/features/context.ts';
import { digestOf } from '../../shared/features/digest.ts';
import { type SessionInput, sequenceOf } from '../../shared/features/sequence.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { type EngineMeta, engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { OnnxFiles } from '../../shared/kernels/ort-engine.ts';
import { withBudgetPrice } from '../../shared/policy/budget-input.ts';
import { type Tensors, tensorOf } from '../../shared/tensors.ts';
import { ortNodeEngine } from '../engine/ort-node-engine.ts';

/** One decision's input to the networks. */
export interface ParitySample {
  session: SessionInput;
  context: Float32Array;
  /** [count, action width] */
  actions: Float32Array;
  count: number;
}

/** What the networks make of a sample. */
export interface Outputs {
  state: Float32Array;
  q: Float32Array;
}

/** What one form made of each sample, in their order. */
export interface ParityOutputs {
  /** The training graph's; where absent, `fp32_max_abs` is left out. */
  trained?: Outputs[];
  fp32: Outputs[];
  int8: Outputs[];
  tier0: Outputs[];
}

/** Two promotions closer than this share of the spread of all are as good as equal. */
const TIE = 0.02;

/** The figures of CONTRACT.md section 5, and `tier0_max_abs`. Differences of Q are in the network's own unit. */
export function parityOf(
  { trained, fp32, int8, tier0 }: ParityOutputs,
  unit: number,
): Record<string, number> {
  return {
    ...(trained === undefined ? {} : { fp32_max_abs: largestDifference(trained, fp32, unit) }),
    int8_argmax_agreement: agreement(fp32, int8),
    int8_value_loss: valueLoss(fp32, int8),
    int8_rel_rms: relativeRms(fp32, int8),
    tier0_argmax_agreement: agreement(int8, tier0),
    tier0_max_abs: largestDifference(int8, tier0, unit),
  };
}

export interface ParityInput {
  meta: EngineMeta;
  /** first.safetensors */
  tensors: Tensors;
  /** session.onnx and head.onnx as published. */
  int8: OnnxFiles;
  /** The same graphs with the weights as trained, and the product vectors before they were packed (if at hand). */
  fp32: OnnxFiles & { products?: Tensors };
  samples: readonly ParitySample[];
  trained?: Outputs[];
}

/** Runs every form here, and compares them. Without a Q head there is nothing to compare: no figures. */
export async function measureParity(input: ParityInput): Promise<Record<string, number>> {
  const { meta, tensors, samples, trained } = input;
  if (meta.head === undefined || samples.length === 0) return {};
  const form = async (open: Promise<Engine>): Promise<Outputs[]> => {
    const engine = await open;
    const outputs = await outputsOf(engine, samples, meta.head!.sessionWidth);
    engine.dispose();
    return outputs;
  };
  const unit = Math.abs(tensorOf(tensors, 'head.unit', [2]).data[1]!) || 1;
  const outputs: ParityOutputs = {
    ...(trained === undefined ? {} : { trained }),
    fp32: await form(ortNodeEngine(meta, input.fp32.products ?? tensors, input.fp32)),
    int8: await form(ortNodeEngine(meta, tensors, input.int8)),
    tier0: await form(engineFromFirst(meta, tensors, await compileKernels())),
  };
  return parityOf(outputs, unit);
}

/** What an engine makes of samples. A head of session width 0 learned without histories and is given none. */
export async function outputsOf(
  engine: Pick<Engine, 'encodeSession' | 'score'>,
  samples: readonly ParitySample[],
  sessionWidth: number,
): Promise<Outputs[]> {
  const outputs: Outputs[] = [];
  for (const { session, context, actions, count } of samples) {
    const state = sessionWidth === 0 ? new Float32Array(0) : await engine.encodeSession(session);
    const q = await engine.score(Float32Array.of(...state, ...context), actions, count);
    outputs.push({ state, q });
  }
  return outputs;
}

/** The networks' input for requests; those with fewer than two promotions to choose from are left out. */
export function paritySamples(
  requests: readonly DecisionRequest[],
  model: Pick<DecisionModel, 'spec' | 'products' | 'promotions' | 'budgetMost'>,
  longest?: number,
): ParitySample[] {
  return requests.flatMap((request) => {
    const digest = digestOf(request, model);
    const { candidates } = candidatesOf(digest, model);
    if (candidates.length < 2) return [];
    return {
      session: sequenceOf(request.history, model.products, model.spec.priceEdges, longest),
      context: withBudgetPrice(contextOf(digest), { ...model, budgetPrice: 0 }),
      actions: actionsOf(digest, candidates),
      count: candidates.length,
    };
  });
}

/** Of states, and of Q divided by the unit that turns the network's output into the log's. */
function largestDifference(a: readonly Outputs[], b: readonly Outputs[], unit: number): number {
  let largest = 0;
  a.forEach(({ state, q }, i) => {
    for (const [j, value] of state.entries()) largest = worse(largest, value - b[i]!.state[j]!);
    for (const [j, value] of q.entries()) largest = worse(largest, (value - b[i]!.q[j]!) / unit);
  });
  return largest;
}

/** NaN is the largest difference of all. */
const worse = (largest: number, difference: number): number =>
  Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, Math.abs(difference));

/** Share of samples with the same best promotion, of those whose best two differ by more than a tie; 1 for none. */
function agreement(reference: readonly Outputs[], other: readonly Outputs[]): number {
  let clear = 0;
  let same = 0;
  reference.forEach(({ q }, i) => {
    const sorted = [...q].sort((a, b) => b - a);
    if (!(sorted[0]! - sorted[1]! > TIE * (sorted[0]! - sorted.at(-1)!))) return;
    clear += 1;
    if (argmax(q) === argmax(other[i]!.q)) same += 1;
  });
  return clear === 0 ? 1 : same / clear;
}

/** Value lost by following the other form's choices, as a share of what the best gain over the average. */
function valueLoss(reference: readonly Outputs[], other: readonly Outputs[]): number {
  let lost = 0;
  let gain = 0;
  reference.forEach(({ q }, i) => {
    const best = Math.max(...q);
    lost += best - q[argmax(other[i]!.q)]!;
    gain += best - mean(q);
  });
  return gain === 0 ? 0 : lost / gain;
}

/** Root mean square of the differences of Q minus its mean, over that of the reference. */
function relativeRms(reference: readonly Outputs[], other: readonly Outputs[]): number {
  let difference = 0;
  let size = 0;
  reference.forEach(({ q }, i) => {
    const [m, n] = [mean(q), mean(other[i]!.q)];
    q.forEach((value, j) => {
      difference += (other[i]!.q[j]! - n - (value - m)) ** 2;
      size += (value - m) ** 2;
    });
  });
  return size === 0 ? 0 : Math.sqrt(difference / size);
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
