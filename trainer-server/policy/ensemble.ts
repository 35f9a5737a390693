/**
 * An ensemble of double dueling Q networks that learn what the response model leaves. Each never sees one fold of the
 * visitors, which stops it in time and says how far its corrections are to be trusted.
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
import { type Correction, corrected, correctionOf, levelCorrectionOf } from './stack.ts';

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

export interface Ensemble {
  strength: number;
  /** Each fold's network where it was best. */
  networks: Parameters[];
  /** The response model's word with all of the corrections, by models and networks that never saw the visitor. */
  left: Predictions;
  /** How far left-out visitors trust what the networks say of promotions, and of the level of rewards. */
  advantage: Correction;
  level: Correction;
  epochs: number;
}

/** One network a fold, all of one strength of the conservative penalty. */
export async function trainEnsemble(
  { data, ids, config, folds, propensity, unit, responses: linear }: Teaching,
  strength: number,
  training: Omit<TrainingOptions, 'from'>,
  options: PolicyOptions,
): Promise<Ensemble> {
  const { random, progress, signal } = training;
  const seconds = training.deadline();
  const sequential = hasTransitions(data, options);
  const members = membersOf(options.folds, strength);
  const shape = { size: options.batch, widest: widestChoice(data), ids };
  let targets = bootstrapTargets(data, undefined, undefined, unit, options);
  // Judged by what did follow, never by the networks' own word for it.
  const returns = bootstrapTargets(data, undefined, undefined, unit, { ...options, steps: data.count });
  const rewards = Float32Array.from(data.reward, (r) => (r - unit.offset) / unit.scale);
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
  const stage = progress.stage(`policy: teachers, penalty ${strength}`, options.epochs * steps);
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
        reward: fill((i) => rewards[i]! - linear.left.level[i]!),
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
        const heldOut = leftOutLoss(corrected(linear.left, left), member, data, folds, targets);
        if (heldOut < best[m]!.loss - 1e-6)
          best[m] = { loss: heldOut, parameters: memberOf(averaged, member), epoch };
        else if (epoch - best[m]!.epoch >= options.patience) finished[m] = true;
      }
      // Where left-out visitors speak for no correction, more of them would be more noise.
      const evidence =
        widestChoice(data) === 1
          ? levelCorrectionOf(data, linear.left, left, rewards)
          : correctionOf(data, linear.left, left, returns);
      if (evidence.errors < options.errorsToGoOn) {
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

  const networks = best.map(({ parameters }) => parameters);
  const left = await leftOutPredictions(networks, members, config, ids, data, folds);
  return {
    strength,
    networks,
    left: corrected(linear.left, left),
    advantage: correctionOf(data, linear.left, left, returns),
    level: levelCorrectionOf(data, linear.left, left, rewards),
    epochs: epoch,
  };
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
