/** One head of the published shape, taught by the teachers' values. */

import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import {
  add,
  learningRate,
  mul,
  type Program,
  type StepResult,
  square,
  startTraining,
  sub,
  sum,
  weightedMean,
} from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type Batch, batchOf } from './batch.ts';
import type { Budget } from './budget.ts';
import { type PolicyData, widestChoice } from './policy-data.ts';
import type { PolicyOptions } from './policy-options.ts';
import type { Predictions } from './predict.ts';
import { initialHead, type Parameters, qValues } from './q-network.ts';
import type { Unit } from './returns.ts';

/** Teachers that say the same of everything leave nothing to explain. */
const LEAST_VARIANCE = 1e-6;

/** What the student is taught. */
export interface Lesson {
  /** At no price of budget. */
  teacher: Predictions;
  /** Undefined where nothing costs anything: then the head takes no price. */
  budget: Budget | undefined;
  unit: Unit;
}

/**
 * Regresses levels and advantages on the teachers', each error in units of what there is to explain at its price, so that
 * small differences between promotions count as much as large ones between shoppers (distillation: Hinton et al. 2015). Half of
 * the examples are at no price of budget, the others at prices up to the highest, so that one head serves every budget
 * (universal value functions: Schaul et al. 2015).
 * @param elsewhere as many decisions at states that the log does not know: half of the examples
 */
export async function trainStudent(
  data: PolicyData,
  ids: number,
  config: QHeadConfig,
  lesson: Lesson,
  training: Omit<TrainingOptions, 'from'>,
  options: PolicyOptions,
  elsewhere?: { data: PolicyData; lesson: Lesson },
): Promise<Parameters> {
  const { random, progress, signal } = training;
  const budget = Math.max(5, 0.8 * training.deadline());
  const end = training.deadline() - budget;
  const shape = { size: options.batch, widest: widestChoice(data), ids };
  const initial = initialHead(config, random.fork('student'));
  const program = studentProgram(initial, config, shape, options);
  const student = await startTraining(program, {
    device: training.device === 'webgpu' ? 'webgpu' : 'cpu',
    signal,
  });
  const spread = spreadOf(data, lesson);
  const perEpoch = Math.ceil(data.count / options.batch);
  const passes = Math.max(options.studentEpochs, Math.ceil(options.studentLeastSteps / perEpoch));
  const epochs = elsewhere === undefined ? passes : 2 * passes;
  const steps = epochs * perEpoch;
  // Teachers without a student are nothing: these steps are taken however late it is.
  const least = Math.min(steps, options.studentLeastSteps);
  const stage = progress.stage('policy: student', steps);
  const order = Int32Array.from({ length: data.count }, (_, i) => i);
  const shuffling = random.fork('student/order');
  let batch: Batch | undefined;
  let running: Promise<StepResult> | undefined;
  try {
    for (let step = 0; step < steps && !signal.aborted; step++) {
      if (step % perEpoch === 0) shuffle(order, shuffling);
      // Where time runs short the schedule is cut, so that the rate still falls to zero.
      const late = 1 - (training.deadline() - end) / budget;
      const progressed = Math.max(step / steps, Math.min(late, step / least));
      if (progressed >= 1) break;
      const at = (step % perEpoch) * options.batch;
      const part = order.subarray(at, at + options.batch);
      const rate = learningRate(
        { peak: options.studentLearningRate, steps: 1000, final: 0.01 },
        1000 * Math.min(1, progressed),
      );
      const warm = Math.min(1, (step + 1) / 50);
      const there = elsewhere !== undefined && step % 2 === 1 ? elsewhere : { data, lesson };
      const fork = random.fork(`student/${step}`);
      const feeds = feedsOf(there, part, shape, spread, options, fork, batch);
      batch = feeds;
      // The next batch is filled while this one is learned: it is handed over as a copy.
      const stepped = student.step(feeds, rate * warm);
      // Where the step before fails so does this one, and nobody would be waiting for it.
      stepped.catch(() => undefined);
      if (running !== undefined) stage.update(step, `loss ${(await running).loss.toFixed(4)}`);
      running = stepped;
    }
    await running;
    return await student.parameters();
  } finally {
    stage.end();
    await student.close();
  }
}

function studentProgram(
  parameters: Parameters,
  config: QHeadConfig,
  { size, widest }: { size: number; widest: number },
  options: PolicyOptions,
): Program {
  return {
    parameters,
    inputs: {
      state: { dtype: 'f32', shape: [size, 1, config.sessionWidth + config.contextWidth] },
      actions: { dtype: 'f32', shape: [size, widest, config.actionWidth] },
      eligible: { dtype: 'f32', shape: [size, widest, 1] },
      level: { dtype: 'f32', shape: [size, 1, 1] },
      advantage: { dtype: 'f32', shape: [size, widest, 1] },
      levelWeight: { dtype: 'f32', shape: [size, 1, 1] },
      advantageWeight: { dtype: 'f32', shape: [size, 1, 1] },
      weight: { dtype: 'f32', shape: [size, 1, 1] },
    },
    optimiser: { weightDecay: options.weightDecay / 10, clipNorm: 5 },
    loss: (_, p, x) => {
      const q = qValues(p, config, x.state!, x.actions!, x.eligible!);
      const level = mul(square(sub(q.value, x.level!)), x.levelWeight!);
      const wrong = mul(square(sub(q.advantage, x.advantage!)), x.eligible!);
      const each = mul(sum(wrong, { axes: [1], keep: true }), 1 / Math.max(1, widest / 2));
      const advantage = mul(each, x.advantageWeight!);
      return { loss: weightedMean(add(level, advantage), x.weight!) };
    },
  };
}

function feedsOf(
  { data, lesson: { teacher, budget, unit } }: { data: PolicyData; lesson: Lesson },
  part: Int32Array,
  shape: { size: number; widest: number; ids: number },
  spread: (price: number) => Spread,
  { forget }: PolicyOptions,
  random: Random,
  into: Batch | undefined,
) {
  const { size, widest } = shape;
  const level = new Float32Array(size);
  const weight = new Float32Array(size);
  const levelWeight = new Float32Array(size);
  const advantageWeight = new Float32Array(size);
  const advantage = new Float32Array(size * widest);
  const price = Float32Array.from({ length: size }, () => (random.next() < 0.5 ? 0 : random.next()));
  part.forEach((i, b) => {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    level[b] = teacher.level[i]!;
    weight[b] = 1;
    const each = spread(price[b]!);
    levelWeight[b] = 1 / each.level;
    advantageWeight[b] = 1 / each.advantage;
    advantage.set(teacher.advantage.subarray(from, to), b * widest);
    if (budget === undefined) return;
    const { mean, own } = excessAt(budget, from, to);
    const dear = (price[b]! * budget.most) / unit.scale;
    level[b]! -= dear * mean;
    for (let j = 0; j < own.length; j++) advantage[b * widest + j]! -= dear * (own[j]! - mean);
  });
  const wish = { forget: { share: forget, random }, ...(budget === undefined ? {} : { price }) };
  return {
    ...batchOf(data, part, shape, wish, into),
    ...{ level, advantage, levelWeight, advantageWeight, weight },
  };
}

/** Variance over the log of what is taught. */
interface Spread {
  level: number;
  advantage: number;
}

/**
 * By price, as a share of the highest. Thin logs have high ones, since it takes much to outbid noise: without this, what
 * things cost at those would drown what they bring.
 */
export function spreadOf(data: PolicyData, lesson: Lesson): (price: number) => Spread {
  const [none, half, most] = [0, 0.5, 1].map((price): Spread => {
    const { teacher } = lessonAt(data, lesson, price * (lesson.budget?.most ?? 0));
    return { level: varianceOf(teacher.level), advantage: varianceOf(teacher.advantage) };
  });
  // What is taught is linear in the price, so its variance is the parabola through any three of them.
  const between = (part: keyof Spread, x: number): number =>
    2 * none![part] * (x - 0.5) * (x - 1) - 4 * half![part] * x * (x - 1) + 2 * most![part] * x * (x - 0.5);
  return (price) => ({
    level: Math.max(LEAST_VARIANCE, between('level', price)),
    advantage: Math.max(LEAST_VARIANCE, between('advantage', price)),
  });
}

/** What a decision's promotions cost beyond the published means, and the mean of that. */
function excessAt({ excess }: Budget, from: number, to: number): { own: Float32Array; mean: number } {
  const own = excess.subarray(from, to);
  return { own, mean: own.reduce((sum, x) => sum + x, 0) / own.length };
}

/** The lesson of one price alone, for a head that takes none: what the head of every budget is measured against. */
export function lessonAt(data: PolicyData, { teacher, budget, unit }: Lesson, price: number): Lesson {
  const level = teacher.level.slice();
  const advantage = teacher.advantage.slice();
  for (let i = 0; budget !== undefined && i < data.count; i++) {
    const { mean, own } = excessAt(budget, data.offsets[i]!, data.offsets[i + 1]!);
    level[i]! -= (price / unit.scale) * mean;
    own.forEach((x, j) => {
      advantage[data.offsets[i]! + j]! -= (price / unit.scale) * (x - mean);
    });
  }
  return { teacher: { ...teacher, level, advantage }, budget: undefined, unit };
}

function varianceOf(values: Float32Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length);
  return variance;
}
