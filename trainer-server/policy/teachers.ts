/**
 * An ensemble of double dueling Q networks that learn what the response model leaves. Each never sees one fold of the
 * visitors, which stops it in time; several strengths of the conservative penalty compete by doubly robust value on the
 * left-out folds, which also say how far the corrections are to be trusted.
 */

import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { shuffle } from '../../shared/random.ts';
import { startTraining } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type Batch, baseOf, batchOf } from './batch.ts';
import { leftOutLoss, leftOutPredictions } from './left-out.ts';
import { ensemblePrograms, initialMembers, memberOf, membersOf } from './member.ts';
import { type PolicyData, widestChoice } from './policy-data.ts';
import type { PolicyOptions } from './policy-options.ts';
import { type Predictions, predict } from './predict.ts';
import type { Parameters } from './q-network.ts';
import { bootstrapTargets, hasTransitions, type Unit } from './returns.ts';
import { corrected, correctionOf } from './stack.ts';
import { chooseStrength, type StrengthChoice } from './strength.ts';

/** What the teachers are given: the log, and what the response model says about it. */
export interface Teaching {
  data: PolicyData;
  ids: number;
  config: QHeadConfig;
  folds: Int32Array;
  propensity: Float64Array;
  unit: Unit;
  /** By models that never saw the visitor, and by the mean of all. */
  responses: { left: Predictions; mean: Predictions };
}

export interface Taught {
  /** The response model's word with the networks' corrections, as far as left-out visitors trust them. */
  teacher: Predictions;
  choice: StrengthChoice;
  /** Weight of the corrections, 0 to 1. */
  trust: number;
  epochs: number;
}

export async function trainTeachers(
  { data, ids, config, folds, propensity, unit, responses: linear }: Teaching,
  training: Omit<TrainingOptions, 'from'>,
  options: PolicyOptions,
): Promise<Taught> {
  const { random, progress, signal } = training;
  const seconds = training.deadline();
  const sequential = hasTransitions(data, options);
  const members = membersOf(options.folds, widestChoice(data) === 1 ? [0] : options.strengths);
  const shape = { size: options.batch, widest: widestChoice(data), ids };
  let targets = bootstrapTargets(data, undefined, undefined, unit, options);
  let averaged = initialMembers(members, config, random.fork('teachers'));
  const programs = ensemblePrograms(members, averaged, config, shape, options);
  const teachers = await startTraining(programs, { device: deviceOf(training.device), signal });
  // A small log is gone through several times before it is judged again.
  const perPass = Math.ceil(data.count / options.batch);
  const passes = Math.ceil(options.leastSteps / perPass);
  const steps = passes * perPass;
  const finished = members.map(() => false);
  const best = members.map((member) => ({
    loss: Number.POSITIVE_INFINITY,
    parameters: memberOf(averaged, member),
    epoch: 0,
  }));
  const stage = progress.stage('policy: teachers', options.epochs * steps);
  let before: Predictions | undefined;
  let epoch = 0;
  try {
    let batch: Batch | undefined;
    const feeds = (order: Int32Array, step: number, stream: string) => {
      const at = (step % perPass) * options.batch;
      const part = order.subarray(at, at + options.batch);
      const fill = (of: (i: number) => number) =>
        Float32Array.from({ length: options.batch }, (_, b) => (b < part.length ? of(part[b]!) : 0));
      const weight = new Float32Array(members.length * options.batch);
      members.forEach(({ fold }, m) => {
        weight.set(
          fill((i) => (folds[i] === fold && options.folds > 1 ? 0 : 1)),
          m * options.batch,
        );
      });
      const forget = { share: options.forget, random: random.fork(`forget/${stream}/${step}`) };
      batch = batchOf(data, part, shape, { forget }, batch);
      return {
        ...batch,
        base: baseOf(data, linear.left.advantage, part, shape),
        chosen: Int32Array.from({ length: options.batch }, (_, b) =>
          b < part.length ? data.chosen[part[b]!]! : 0,
        ),
        target: fill((i) => targets[i]! - linear.left.value[i]!),
        reward: fill((i) => (data.reward[i]! - unit.offset) / unit.scale - linear.left.level[i]!),
        weight,
      };
    };
    const orderOf = (name: string) =>
      shuffle(
        Int32Array.from({ length: data.count }, (_, i) => i),
        random.fork(name),
      );

    if (divergence(data, propensity) > options.cloneAbove) {
      const order = orderOf('clone');
      for (let step = 0; step < steps && !signal.aborted; step++) {
        await teachers.step(feeds(order, step, 'clone'), options.learningRate, 'clone');
      }
    }
    for (; epoch < options.epochs && !finished.every(Boolean) && !signal.aborted; epoch++) {
      const order = orderOf(`epoch/${epoch}`);
      for (let step = 0; step < steps && !signal.aborted; step++) {
        // Half of the time stays for the student and for what follows.
        if (training.deadline() < 0.5 * seconds) break;
        const warm = Math.min(1, (epoch * steps + step + 1) / Math.min(100, steps));
        const result = await teachers.step(
          feeds(order, step, `${epoch}`),
          options.learningRate * warm,
          'learn',
        );
        stage.update(epoch * steps + step + 1, `loss ${result.loss.toFixed(4)}`);
        if (step % options.averageEvery === options.averageEvery - 1 || step === steps - 1) {
          averaged = blend(averaged, await teachers.parameters(), epoch === 0 ? 0.5 : options.average);
        }
      }
      // Left-out losses, each teacher on its own fold.
      const now = members.map((member) => memberOf(averaged, member));
      const left = await leftOutPredictions(now, members, config, ids, data, folds);
      for (const [m, member] of members.entries()) {
        if (finished[m]) continue;
        const heldOut = leftOutLoss(
          corrected(linear.left, left.get(member.strength)!),
          member,
          data,
          folds,
          targets,
        );
        if (heldOut < best[m]!.loss - 1e-6)
          best[m] = { loss: heldOut, parameters: memberOf(averaged, member), epoch };
        else if (epoch - best[m]!.epoch >= options.patience) finished[m] = true;
      }
      // Where left-out visitors speak for no correction, more of them would be more noise.
      const wanted = [...left.values()].map((part) => correctionOf(data, linear.left, part, targets).errors);
      if (wanted.every((errors) => errors < options.errorsToGoOn)) {
        epoch++;
        break;
      }
      if (sequential) {
        // The target network: the averaged teachers of one epoch ago; the choice is that of now (double Q-learning).
        const total = corrected(linear.mean, await predict(now, config, ids, data));
        targets = bootstrapTargets(data, total, before ?? total, unit, options);
        before = total;
        // Losses against new targets do not compare with those against old ones.
        for (const state of best) state.loss *= 1 + 1e-3;
      }
    }
  } finally {
    stage.end(`${epoch} epochs`);
    await teachers.close();
  }

  // The strength that the left-out folds favour, and how far its corrections are to be trusted.
  const left = await leftOutPredictions(
    best.map((state) => state.parameters),
    members,
    config,
    ids,
    data,
    folds,
  );
  const totals = new Map([...left].map(([strength, part]) => [strength, corrected(linear.left, part)]));
  const choice = chooseStrength(members, totals, data, propensity, unit, random.fork('strength'));
  const chosen = best.flatMap((state, m) =>
    members[m]!.strength === choice.strength ? [state.parameters] : [],
  );
  const { weight, errors } = correctionOf(data, linear.left, left.get(choice.strength)!, targets);
  const trust = errors < options.errorsToTrust ? 0 : weight;
  const teacher = corrected(linear.mean, await predict(chosen, config, ids, data), trust);
  return { teacher, choice, trust, epochs: epoch };
}

/** Mean of log(p * eligible): the logging policy's divergence from uniform, in nats. */
function divergence(data: PolicyData, propensity: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < data.count; i++) {
    sum += Math.log(propensity[i]! * (data.offsets[i + 1]! - data.offsets[i]!));
  }
  return sum / data.count;
}

function blend(old: Parameters, fresh: Parameters, keep: number): Parameters {
  return Object.fromEntries(
    Object.entries(old).map(([name, { shape, data }]) => {
      const now = fresh[name]!.data;
      return [name, { shape, data: data.map((x, i) => keep * x + (1 - keep) * now[i]!) }];
    }),
  );
}

const deviceOf = (device: TrainingOptions['device']): 'cpu' | 'webgpu' =>
  device === 'webgpu' ? 'webgpu' : 'cpu';
