/**
 * Fits the category classifier: least squares where products times categories are few enough, else logistic regression; its
 * confidence by a temperature.
 */

import { productText } from '../../shared/features/profile-text.ts';
import type { Product } from '../../shared/product.ts';
import { quantizeColumns } from '../../shared/quantize.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import {
  type Classifier,
  classifierFeatures,
  LETTERS,
  onlyCategory,
  type TextFeatures,
} from '../../shared/search/classifier.ts';
import { shareOf } from '../share-of.ts';
import type { TrainingOptions } from '../training-options.ts';
import { asTimeAllows } from './as-time-allows.ts';
import { type Descent, type Example, type Fit, scoresOf, softmaxed } from './linear-classifier.ts';
import { fitLogistic, type LogisticOptions } from './logistic-classifier.ts';
import { fitRidge, type RidgeOptions } from './ridge-classifier.ts';
import { type Answer, SELF_TRAINING, selfTrained } from './self-training.ts';

export interface ClassifierOptions {
  /** Weights (buckets x classes) at most; the buckets are a power of two between the bounds. */
  weights: number;
  buckets: { least: number; most: number };
  /** Least squares up to so many products a class, and products times classes. */
  ridge: RidgeOptions & { perClass: number; most: number };
  logistic: Omit<LogisticOptions, 'least'>;
  /** Share of the products kept to fit the temperature, from `calibrated` products on; of fewer each share in turn. */
  heldOut: number;
  calibrated: number;
  /** Share of the remaining time that it may take, and products that are learned from even where there is none. */
  share: number;
  least: number;
}

/**
 * Chosen on clusters left out of PriceRunner's training part, means of four draws by least squares and by logistic
 * regression: 5 labels a class .794 and .766, 20 .899 and .879, 100 .945 and .939.
 */
export const CLASSIFIER_OPTIONS: ClassifierOptions = {
  weights: 2 ** 20,
  buckets: { least: 2 ** 12, most: 2 ** 16 },
  ridge: { penalty: 0.2, steps: 15, sharpness: 10, perClass: 300, most: 2_000_000 },
  logistic: { epochs: 5, rate: 0.5, decay: 1e-6 },
  heldOut: 0.2,
  calibrated: 100,
  share: 0.2,
  least: 500,
};

/** Of its time: reading the products' words, then calibrating. */
const TIME = { reading: 0.3, calibrating: 0.45 } as const;
const TEMPERATURES: [number, number] = [0.1, 20];

/** What is to be told apart, and how. */
interface Task {
  classes: number;
  buckets: number;
  /** Of products without a category. */
  unlabelled: readonly TextFeatures[];
  settings: ClassifierOptions;
}

export interface ClassifierReport {
  classes: number;
  examples: number;
  /** Products without a category that were learned from too. */
  unlabelled: number;
  /** On held-out products; NaN where there were too few. */
  accuracy: number;
  temperature: number;
}

/** @returns undefined where no product has both a category and text */
export function trainClassifier(
  products: readonly Product[],
  options: Pick<TrainingOptions, 'random' | 'progress' | 'deadline' | 'signal'>,
  settings: ClassifierOptions = CLASSIFIER_OPTIONS,
): { classifier: Classifier; report: ClassifierReport } | undefined {
  const labelled = products.filter(({ category }) => category.length > 0);
  const others = products.filter(({ category }) => category.length === 0);
  const classes = [...new Set(labelled.map(nameOf))].sort();
  const { least, most } = settings.buckets;
  const buckets = Math.max(
    least,
    Math.min(most, 2 ** Math.floor(Math.log2(settings.weights / Math.max(1, classes.length)))),
  );
  const index = new Map(classes.map((name, c) => [name, c]));
  const passes =
    1 +
    (isSmall(labelled.length, classes.length, settings) ? settings.ridge.steps : settings.logistic.epochs) *
      (2 - settings.heldOut);
  const stage = options.progress.stage('category classifier', Math.round(passes * labelled.length));
  let done = 0;
  const looked = (): void => stage.update(++done);
  const random = options.random.fork('classifier');
  const clock = shareOf(options.deadline, settings.share);
  const examples = asTimeAllows(
    shuffle([...labelled], random.fork('products')),
    shareOf(clock, TIME.reading),
    (product): Example => {
      looked();
      const features = classifierFeatures(productText(product), { buckets, letters: LETTERS });
      return { features, label: index.get(nameOf(product))! };
    },
    settings.least,
  ).filter(({ features }) => features.buckets.length > 0);
  if (examples.length === 0) return undefined;
  const few =
    examples.length <= Math.min(others.length, SELF_TRAINING.fewPerClass * classes.length) &&
    classes.length > 1;
  const unlabelled = shuffle([...others], random.fork('unlabelled'))
    .slice(0, few ? SELF_TRAINING.unlabelled : 0)
    .map((product) => classifierFeatures(productText(product), { buckets, letters: LETTERS }))
    .filter((features) => features.buckets.length > 0);
  const task = { classes: classes.length, buckets, unlabelled, settings };
  const whole = { ...options, looked, deadline: clock };
  const { temperature, accuracy, fit } =
    classes.length === 1 ? fitOnly(examples, buckets) : fitMany(examples, task, random, whole);
  const quantized = quantizeColumns({ shape: [buckets, classes.length], data: fit.weights });
  const told = examples.length < labelled.length ? `, ${examples.length} products in time` : '';
  stage.end(`${classes.length} classes, ${toldAccuracy(classes.length, accuracy)}${told}`);
  return {
    classifier: {
      classes,
      buckets,
      letters: LETTERS,
      weights: quantized.int8.data,
      scale: quantized.scale.data,
      bias: fit.bias,
      temperature,
    },
    report: {
      classes: classes.length,
      examples: examples.length,
      unlabelled: unlabelled.length,
      accuracy,
      temperature,
    },
  };
}

interface Fitted {
  fit: Fit;
  temperature: number;
  /** On held-out products; NaN where there were too few. */
  accuracy: number;
}

function fitMany(examples: readonly Example[], task: Task, random: Random, options: Descent): Fitted {
  const calibrating = { ...options, deadline: shareOf(options.deadline, TIME.calibrating) };
  const calibrated = calibrate(examples, task, random, calibrating);
  return { ...calibrated, fit: learn(examples, task, random.fork('whole'), options) };
}

function fitOnly(examples: readonly Example[], buckets: number): Fitted {
  const texts = examples.map(({ features }) => features);
  const { held, bias, familiar } = onlyCategory(texts, buckets);
  const fit = { weights: held, bias: Float32Array.of(bias) };
  return { fit, temperature: Math.fround(familiar), accuracy: Number.NaN };
}

function toldAccuracy(classes: number, accuracy: number): string {
  if (classes === 1) return 'nothing to tell it from: sure as far as a text is familiar';
  return Number.isNaN(accuracy)
    ? 'too few products to leave any out'
    : `held-out accuracy ${accuracy.toFixed(3)}`;
}

const nameOf = ({ category }: Product): string => category.join(' > ');

/**
 * Trains on most of the examples and finds, on the rest, the temperature at which the mean confidence is the share of
 * right answers (expectation consistency, Clarte et al. 2023, arXiv 2303.02644). The likelihood of the few answers
 * that are plainly wrong, which temperature scaling minds most, would make all the others too modest.
 */
function calibrate(
  examples: readonly Example[],
  task: Task,
  random: Random,
  options: Descent,
): { temperature: number; accuracy: number } {
  const { classes, settings } = task;
  const few = examples.length < settings.calibrated;
  const order = shuffle([...examples], random);
  const held = Math.ceil(order.length * settings.heldOut);
  const folds = few ? Math.ceil(order.length / held) : 1;
  const scored = Array.from({ length: folds }, (_, fold) => {
    const [from, to] = [fold * held, (fold + 1) * held];
    const rest = [...order.slice(0, from), ...order.slice(to)];
    const fit = learn(rest, task, random.fork(`calibration ${fold}`), options);
    return order
      .slice(from, to)
      .map(({ features, label }) => ({ label, scores: scoresOf(fit, features, classes) }));
  }).flat();
  const right = scored.filter(({ label, scores }) => scores.every((score) => score <= scores[label]!)).length;
  // Half an answer each way: all right among the few held out is no certainty.
  const wanted = (right + 0.5) / (scored.length + 1);
  let [low, high] = TEMPERATURES;
  for (let round = 0; round < 30; round++) {
    const middle = Math.sqrt(low * high);
    if (meanConfidence(scored, middle) > wanted) low = middle;
    else high = middle;
  }
  // Files hold float32.
  return { accuracy: right / scored.length, temperature: Math.fround(Math.sqrt(low * high)) };
}

function meanConfidence(scored: readonly { scores: Float32Array }[], temperature: number): number {
  const sum = scored.reduce(
    (total, { scores }) => total + Math.max(...softmaxed(scores.map((score) => score / temperature))),
    0,
  );
  return sum / scored.length;
}

function learn(examples: readonly Example[], task: Task, random: Random, options: Descent): Fit {
  const says = (fit: Fit, features: TextFeatures): Answer => {
    const chances = softmaxed(scoresOf(fit, features, task.classes));
    const label = chances.reduce((best, chance, c) => (chance > chances[best]! ? c : best), 0);
    return { label, confidence: chances[label]! };
  };
  return selfTrained(fitLinear(examples, task, random, options), task.unlabelled, says, (guessed) => {
    const more = guessed.map(({ one, label }): Example => ({ features: one, label }));
    // Least squares throughout was better at 5 labels a class, .834 against .826, and worse at 20, .875 against .894 (of
    // logistic regression throughout .801 and .865; same clusters, three draws and one): it holds on to wrong guesses.
    const fit = descend([...examples, ...more], task, random, options);
    return options.deadline() > 0 ? fit : undefined;
  });
}

const isSmall = (examples: number, classes: number, { ridge }: ClassifierOptions): boolean =>
  examples <= ridge.perClass * classes && examples * classes <= ridge.most;

function fitLinear(examples: readonly Example[], task: Task, random: Random, options: Descent): Fit {
  return isSmall(examples.length, task.classes, task.settings)
    ? fitRidge(examples, task, options, task.settings.ridge)
    : descend(examples, task, random, options);
}

const descend = (examples: readonly Example[], task: Task, random: Random, options: Descent): Fit =>
  fitLogistic(examples, task, random, options, { ...task.settings.logistic, least: task.settings.least });
