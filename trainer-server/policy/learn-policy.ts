/**
 * Learning a policy from logged decisions, read from top to bottom:
 *
 *   1. A response model: convex fits of clicks, purchases, order sizes and costs, which promotions share by their terms. What
 *      an action does to the visitor's later decisions is added where the log clearly shows it.
 *   2. Ensembles of double dueling Q networks that learn what it leaves. Each never sees one fold of the visitors, which
 *      stops it in time and says how far its corrections are to be trusted; several strengths of the conservative
 *      penalty compete by doubly robust value on the left-out folds.
 *   3. Student: one head of the published shape learns what the teachers say together. Their values carry no reward
 *      noise, so it learns from every eligible promotion of every logged state, not from the one that was logged.
 *
 * Why so: rewards are noisy (most decisions earn nothing) and what a promotion adds is small against what a shopper
 * spends anyway. Averaging teachers takes away most of what one network would learn of the noise.
 */

import { ThinEvidence } from '../../shared/errors.ts';
import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { Q_HEAD } from '../../shared/models/q-head.ts';
import type { TrainingOptions } from '../training-options.ts';
import { budgetOf, excessOf } from './budget.ts';
import { elsewhereLog } from './carried.ts';
import { LONG_RUN } from './long-run.ts';
import type { SpendCurve } from './pacing.ts';
import { foldsOf, headOf, type PolicyData } from './policy-data.ts';
import { POLICY_OPTIONS, type PolicyOptions } from './policy-options.ts';
import { predict, predictionsOf, qOf, withLater } from './predict.ts';
import { propensitiesOf } from './propensity.ts';
import type { Parameters } from './q-network.ts';
import { type Elsewhere, learnResponses } from './responses.ts';
import { hasTransitions, type Unit, unitOf } from './returns.ts';
import { type Lesson, trainStudent } from './student.ts';
import { trainTeachers } from './teachers.ts';

/** Below this nothing that deserves the name of a policy can be learned. */
export const LEAST_DECISIONS = 50;

/** Share of the time that the response model may take. */
const RESPONSE_TIME = 0.4;
/** Convex fits of a fold at most: clicks, purchases, sizes, costs, what comes later. */
const RESPONSE_FITS = 5;

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
  const config: QHeadConfig = { ...headOf(data), ...Q_HEAD };
  const unit = unitOf(data.reward);
  const { propensity, estimated } = propensitiesOf(data);
  const sequential = hasTransitions(data, options);
  const folds = foldsOf(data, options.folds);

  // 1. The response model.
  const { progress, signal } = training;
  const seconds = training.deadline();
  const responding = progress.stage('policy: response model', RESPONSE_FITS * options.folds);
  let fits = 0;
  const pace = {
    late: () => signal.aborted || training.deadline() < (1 - RESPONSE_TIME) * seconds,
    say: (what: string) => responding.update(fits++, what),
  };
  const { responses, longRun, elsewhere } = await learnResponses(
    data,
    folds,
    options.folds,
    propensity,
    sequential ? { ...LONG_RUN, discount: options.discount } : undefined,
    training.checkpoints,
    pace,
  );
  const budget = budgetOf(data, responses.mean.reward, responses.mean.spend, cost);
  responding.end();

  // 2. Networks.
  // What comes later is theirs only where they are to look ahead; else it is added to what they say of now.
  const ahead = longRun === undefined ? 0 : options.networkDiscount;
  const known = (part: 'left' | 'mean') => {
    const now = predictionsOf(data, responses[part].reward, unit);
    return ahead > 0 ? withLater(data, now, longRun?.[part], unit) : now;
  };
  const linear = { left: known('left'), mean: known('mean') };
  const teaching = { data, ids, config, folds, propensity, unit, responses: linear };
  const taught = await trainTeachers(teaching, training, { ...options, discount: ahead });
  const { choice, trust, epochs } = taught;
  const teacher = ahead > 0 ? taught.teacher : withLater(data, taught.teacher, longRun?.mean, unit);

  // 3. Student.
  const head = { ...config, contextWidth: config.contextWidth + (budget === undefined ? 0 : 1) };
  const lesson: Lesson = { teacher, budget, unit };
  const parameters = await trainStudent(
    data,
    ids,
    head,
    lesson,
    training,
    options,
    elsewhere && { data: elsewhereLog(data), lesson: lessonElsewhere(data, lesson, elsewhere, cost) },
  );
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
      epochs,
      sequential,
      longRun: longRun !== undefined,
      ...(budget === undefined ? {} : { spendCurve: budget.curve }),
    },
  };
}

/** By the response model alone: where networks are trusted, they know nothing of states that the log does not hold. */
function lessonElsewhere(
  data: PolicyData,
  { budget, unit }: Lesson,
  { reward, spend, later }: Elsewhere,
  cost: Float64Array,
): Lesson {
  return {
    teacher: withLater(data, predictionsOf(data, reward, unit), later, unit),
    budget: budget && spend && { ...budget, excess: excessOf(data, spend, cost) },
    unit,
  };
}
