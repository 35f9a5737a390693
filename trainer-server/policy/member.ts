/** An ensemble of Q networks as one training graph: a batch is fed once and trains all of them. */

import type { QHeadConfig } from '../../shared/models/q-head.ts';
import type { Random } from '../../shared/random.ts';
import {
  add,
  crossEntropy,
  huberEach,
  linear,
  logSumExp,
  mul,
  type Program,
  pick,
  reshape,
  slice,
  stopGradient,
  sub,
  type Value,
  weightedMean,
} from '../graph/index.ts';
import type { BatchShape } from './batch.ts';
import type { PolicyOptions } from './policy-options.ts';
import { initialHead, type Parameters, qValues } from './q-network.ts';

/** One teacher: which fold it never sees and how strong its conservative penalty is. */
export interface Member {
  prefix: string;
  fold: number;
  strength: number;
}

export function membersOf(folds: number, strength: number): Member[] {
  return Array.from({ length: folds }, (_, fold) => ({ prefix: `m${fold}.`, fold, strength }));
}

/** Head parameters of every member, and of each the output of the immediate reward's level. */
export function initialMembers(members: readonly Member[], config: QHeadConfig, random: Random): Parameters {
  const out: Parameters = {};
  for (const { prefix } of members) {
    for (const [name, tensor] of Object.entries(initialHead(config, random))) out[prefix + name] = tensor;
    out[`${prefix}level.w`] = { shape: [config.hidden, 1], data: new Float32Array(config.hidden) };
    out[`${prefix}level.b`] = { shape: [1], data: new Float32Array(1) };
  }
  return out;
}

/** The parameters of one member under the head's own names. */
export function memberOf<T>(all: Readonly<Record<string, T>>, { prefix }: Member): Record<string, T> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

/**
 * The two programs of an ensemble, sharing parameters. `learn` fits Q to the targets by Huber's loss, with the
 * conservative penalty of Kumar et al. 2020 (arXiv 2006.04779, equation 4, with the logged action as the data term);
 * `clone` starts the advantages from the logging policy.
 * The networks learn what the linear teacher leaves: `base` [batch, widest] are its advantages, and its values are
 * already taken off `target` (of Q) and `reward`, in the network's unit [batch]. `chosen` [batch] is the logged action;
 * `weight` [members, batch] is 0 for a decision that a member must not see.
 */
export function ensemblePrograms(
  members: readonly Member[],
  parameters: Parameters,
  config: QHeadConfig,
  shape: BatchShape,
  options: PolicyOptions,
): Record<'learn' | 'clone', Program> {
  const { size, widest } = shape;
  const common = {
    parameters,
    inputs: {
      state: { dtype: 'f32', shape: [size, 1, config.sessionWidth + config.contextWidth] },
      actions: { dtype: 'f32', shape: [size, widest, config.actionWidth] },
      eligible: { dtype: 'f32', shape: [size, widest, 1] },
      base: { dtype: 'f32', shape: [size, widest] },
      chosen: { dtype: 'i32', shape: [size] },
      target: { dtype: 'f32', shape: [size] },
      reward: { dtype: 'f32', shape: [size] },
      weight: { dtype: 'f32', shape: [members.length, size] },
    },
    optimiser: { weightDecay: options.weightDecay, clipNorm: 5 * Math.sqrt(members.length) },
  } satisfies Partial<Program>;

  const eachMember = (
    p: Record<string, Value>,
    x: Record<string, Value>,
    lossOf: (q: { value: Value; advantage: Value; level: Value; weight: Value }, member: Member) => Value,
  ): { loss: Value } => {
    const losses = members.map((member, i) => {
      const own = memberOf(p, member);
      const q = qValues(own, config, x.state!, x.actions!, x.eligible!, options.dropout);
      const flat = {
        value: reshape(q.value, [size]),
        advantage: add(reshape(q.advantage, [size, widest]), x.base!),
        level: reshape(linear(stopGradient(q.trunk), own['level.w']!, own['level.b']!), [size]),
        weight: reshape(slice(x.weight!, 0, i, i + 1), [size]),
      };
      return lossOf(flat, member);
    });
    return { loss: losses.reduce((a, b) => add(a, b)) };
  };
  // Padding must not win a softmax: -30 in units of the reward's standard deviation.
  const masked = (advantage: Value, eligible: Value): Value =>
    add(advantage, mul(sub(reshape(eligible, [size, widest]), 1), 30));

  return {
    learn: {
      ...common,
      loss: (_, p, x) =>
        eachMember(p, x, ({ value, advantage, level, weight }, { strength }) => {
          const taken = pick(advantage, x.chosen!);
          const error = huberEach(sub(add(value, taken), x.target!), options.delta);
          const levelError = huberEach(sub(add(level, stopGradient(taken)), x.reward!), options.delta);
          const overvalued = sub(logSumExp(masked(advantage, x.eligible!)), taken);
          const conservative = mul(overvalued, strength);
          return weightedMean(add(add(error, conservative), levelError), weight);
        }),
    },
    clone: {
      ...common,
      loss: (_, p, x) =>
        eachMember(p, x, ({ advantage, weight }) =>
          // Ten to one: a preference of the logging policy is a hint about value, not a value.
          crossEntropy(mul(masked(advantage, x.eligible!), 10), x.chosen!, weight),
        ),
    },
  };
}
