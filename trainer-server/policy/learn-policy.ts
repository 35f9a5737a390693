/**
 * Learning a policy from logged decisions, read from top to bottom:
 *
 *   1. A response model: convex fits of clicks, purchases, order sizes and costs, which promotions share by their terms. What
 *      an action does to the visitor's later decisions is added where the log clearly shows it.
 *   2. An ensemble of double dueling Q networks that learn what it leaves. Each never sees one fold of the visitors,
 *      which stops it in time; several strengths of the conservative penalty compete by doubly robust value on the
 *      left-out folds, which also say how far the corrections are to be trusted.
 *   3. Student: one head of the published shape learns what the teachers say together. Their values carry no reward
 *      noise, so it learns from every eligible promotion of every logged state, not from the one that was logged.
 *
 * Why so: rewards are noisy (most decisions earn nothing) and what a promotion adds is small against what a shopper
 * spends anyway. Averaging teachers takes away most of what one network would learn of the noise.
 */

import { ThinEvidence } from '../../shared/errors.ts';
import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { Q_HEAD } from '../../shared/models/q-head.ts';
import { shuffle } from '../../shared/random.ts';
import { startTraining } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type Batch, baseOf, batchOf } from './batch.ts';
import { budgetOf } from './budget.ts';
import { leftOutLoss, leftOutPredictions } from './left-out.ts';
import { LONG_RUN } from './long-run.ts';
import { ensemblePrograms, initialMembers, memberOf, membersOf } from './member.ts';
import type { SpendCurve } from './pacing.ts';
import { foldsOf, headOf, type PolicyData, widestChoice } from './policy-data.ts';
import { POLICY_OPTIONS, type PolicyOptions } from './policy-options.ts';
import { type Predictions, predict, predictionsOf } from './predict.ts';
import { propensitiesOf } from './propensity.ts';
import type { Parameters } from './q-network.ts';
import { learnResponses } from './responses.ts';
import { bootstrapTargets, hasTransitions, type Unit, unitOf } from './returns.ts';
import { corrected, correctionWeight } from './stack.ts';
import { chooseStrength } from './strength.ts';
import { type Lesson, trainStudent } from './student.ts';

/** Below this nothing that deserves the name of a policy can be learned. */
export const LEAST_DECISIONS = 50;

export interface LearnedPolicy {
  config: QHeadConfig;
  /** The head's parameters under their own names. */
  parameters: Parameters;
  unit: Unit;
  /** Highest price of budget that the head was trained for, in the log's own unit; absent where it takes none. */
  most?: number;
  /** The student's values at the logged states, in the log's own unit, [rows]. */
  q: Float32Array;
  /** What the student was taught: with its values, what distillation lost. */
  lesson: Lesson;
  /** What training found out, for the report: all in the log's own unit. */
  report: PolicyReport;
}

export interface PolicyReport {
  decisions: number;
  /** How many propensities had to be estimated; figures that rest on them must say so. */
  estimatedPropensities: number;
  strength: number;
  /** Penalties of the response model's parts. */
  penalties: Record<string, number>;
  /** Weight, 0 to 1, of the networks' corrections to the response model. */
  trust: number;
  /** Doubly robust value, on left-out folds, of the greedy teachers of each strength. */
  values: { strength: number; value: number; low: number; high: number }[];
  epochs: number;
  sequential: boolean;
  /** Whether what actions do to later decisions was clear enough to act on. */
  longRun: boolean;
  /** Expected spend of a decision by price of budget; absent where nothing costs anything. */
  spendCurve?: SpendCurve;
}

/**
 * @param ids how many promotions have an input of their own (FeatureSpec.promotions)
 * @param cost published mean cost of one showing by promotion of the data, in the log's own unit
 * @throws ThinEvidence where there are fewer than LEAST_DECISIONS decisions
 */
export async function learnPolicy(
  data: PolicyData,
  ids: number,
  cost: Float64Array,
  training: Omit<TrainingOptions, 'from'>,
  options: PolicyOptions = POLICY_OPTIONS,
): Promise<LearnedPolicy> {
  if (data.count < LEAST_DECISIONS) {
    throw new ThinEvidence(
      `a policy needs at least ${LEAST_DECISIONS} decisions with a reward, got ${data.count}`,
    );
  }
  const { random, progress, signal } = training;
  const seconds = training.deadline();
  const config: QHeadConfig = { ...headOf(data), ...Q_HEAD };
  const unit = unitOf(data.reward);
  const { propensity, estimated } = propensitiesOf(data);
  const sequential = hasTransitions(data, options);
  const folds = foldsOf(data, options.folds);
  const members = membersOf(options.folds, widestChoice(data) === 1 ? [0] : options.strengths);
  const shape = { size: options.batch, widest: widestChoice(data), ids };

  // 1. The response model.
  const responding = progress.stage('policy: response model');
  let targets = bootstrapTargets(data, undefined, undefined, unit, options);
  const { responses, longRun } = await learnResponses(
    data,
    folds,
    options.folds,
    unit,
    sequential ? { ...LONG_RUN, discount: options.discount } : undefined,
    training.checkpoints,
  );
  const linear = {
    left: predictionsOf(data, responses.left.reward, longRun?.left, unit),
    mean: predictionsOf(data, responses.mean.reward, longRun?.mean, unit),
  };
  const budget = budgetOf(data, responses.mean.reward, responses.mean.spend, cost);
  responding.end();

  // 2. Networks.
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
      // Where left-out visitors speak against every correction, more of them would be more noise.
      if ([...left.values()].every((part) => correctionWeight(data, linear.left, part, targets) === 0)) {
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
  const trust = correctionWeight(data, linear.left, left.get(choice.strength)!, targets);
  const teacher = corrected(linear.mean, await predict(chosen, config, ids, data), trust);

  // 3. Student.
  const head = { ...config, contextWidth: config.contextWidth + (budget === undefined ? 0 : 1) };
  const lesson: Lesson = { teacher, budget, unit };
  const parameters = await trainStudent(data, ids, head, lesson, training, options);
  const student = await predict([parameters], head, ids, data, undefined, budget && 0);
  return {
    config: head,
    ...(budget === undefined ? {} : { most: budget.most }),
    parameters,
    unit,
    q: qOf(data, student, unit),
    lesson,
    report: {
      decisions: data.count,
      estimatedPropensities: estimated,
      strength: choice.strength,
      penalties: responses.penalties,
      trust,
      values: choice.values,
      epochs: epoch,
      sequential,
      longRun: longRun !== undefined,
      ...(budget === undefined ? {} : { spendCurve: budget.curve }),
    },
  };
}

/** Q in the log's own unit, [rows]: the state's level plus what each promotion adds. */
export function qOf(data: PolicyData, { level, advantage }: Predictions, unit: Unit): Float32Array {
  const q = new Float32Array(advantage.length);
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      q[row] = unit.offset + unit.scale * (level[i]! + advantage[row]!);
    }
  }
  return q;
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
