/** Fits the category classifier: multinomial logistic regression by AdaGrad, its confidence by a temperature. */

import { productText } from '../../shared/features/profile-text.ts';
import type { Product } from '../../shared/product.ts';
import { quantizeColumns } from '../../shared/quantize.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import {
  type Classifier,
  classifierFeatures,
  onlyCategory,
  type TextFeatures,
} from '../../shared/search/classifier.ts';
import { shareOf } from '../share-of.ts';
import type { TrainingOptions } from '../training-options.ts';
import { asTimeAllows } from './as-time-allows.ts';
import { type Answer, SELF_TRAINING, selfTrained } from './self-training.ts';

export interface ClassifierOptions {
  /** Weights (buckets x classes) at most; the buckets are a power of two between the bounds. */
  weights: number;
  buckets: { least: number; most: number };
  epochs: number;
  rate: number;
  /** L2 penalty per step on the weights that the step touches. */
  decay: number;
  /** Share of the products kept to fit the temperature, from `calibrated` products on; of fewer each share in turn. */
  heldOut: number;
  calibrated: number;
  /** Share of the remaining time that it may take, and products that are learned from even where there is none. */
  share: number;
  least: number;
}

/** Chosen on PriceRunner, clusters disjoint. */
export const CLASSIFIER_OPTIONS: ClassifierOptions = {
  weights: 2 ** 20,
  buckets: { least: 2 ** 12, most: 2 ** 16 },
  epochs: 5,
  rate: 0.5,
  decay: 1e-6,
  heldOut: 0.2,
  calibrated: 100,
  share: 0.2,
  least: 500,
};

/** Of its time: reading the products' words, then calibrating. */
const TIME = { reading: 0.3, calibrating: 0.45 } as const;
/** Products between two looks at the clock. */
const BLOCK = 64;

const NEGLIGIBLE_ERROR = 1e-3;
const TEMPERATURES: [number, number] = [0.1, 20];

interface Example {
  features: TextFeatures;
  label: number;
}

/** What is to be told apart, and how. */
interface Task {
  classes: number;
  buckets: number;
  /** Of products without a category. */
  unlabelled: readonly TextFeatures[];
  settings: ClassifierOptions;
}

/** When to stop, and who is told of each product that was looked at. */
interface Descent extends Pick<TrainingOptions, 'deadline' | 'signal'> {
  looked(): void;
}

/** Weights as trained, before quantization. */
interface Fit {
  weights: Float32Array;
  bias: Float32Array;
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
  const passes = 1 + settings.epochs * (2 - settings.heldOut);
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
      const features = classifierFeatures(productText(product), buckets);
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
    .map((product) => classifierFeatures(productText(product), buckets))
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
  // Guessed labels make a model surer than it is right; the true ones alone do not.
  if (few && task.unlabelled.length === 0) return { temperature: 1, accuracy: Number.NaN };
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
  return selfTrained(descend(examples, task, random, options), task.unlabelled, says, (guessed) => {
    const more = guessed.map(({ one, label }): Example => ({ features: one, label }));
    const fit = descend([...examples, ...more], task, random, options);
    return options.deadline() > 0 ? fit : undefined;
  });
}

function descend(
  examples: readonly Example[],
  { classes, buckets, settings }: Task,
  random: Random,
  options: Descent,
): Fit {
  const weights = new Float32Array(buckets * classes);
  const bias = new Float32Array(classes);
  const squares = new Float32Array(buckets * classes);
  const biasSquares = new Float32Array(classes);
  const order = Int32Array.from(examples.keys());
  const late = (): boolean => options.deadline() <= 0 || options.signal.aborted;
  let learned = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    for (const i of shuffle(order, random)) {
      if (learned >= settings.least && learned % BLOCK === 0 && late()) return { weights, bias };
      learned++;
      options.looked();
      const { features, label } = examples[i]!;
      const errors = softmaxed(scoresOf({ weights, bias }, features, classes));
      errors[label]! -= 1;
      // Most of many classes are plainly wrong already: their share of the gradient is noise and most of the work.
      const active = [...errors.keys()].filter((c) => Math.abs(errors[c]!) > NEGLIGIBLE_ERROR);
      for (const c of active) {
        biasSquares[c]! += errors[c]! ** 2;
        bias[c]! -= (settings.rate * 0.1 * errors[c]!) / (Math.sqrt(biasSquares[c]!) + 1e-6);
      }
      for (let f = 0; f < features.buckets.length; f++) {
        const from = features.buckets[f]! * classes;
        const value = features.values[f]!;
        for (const c of active) {
          const slope = errors[c]! * value + settings.decay * weights[from + c]!;
          squares[from + c]! += slope * slope;
          weights[from + c]! -= (settings.rate * slope) / (Math.sqrt(squares[from + c]!) + 1e-6);
        }
      }
    }
  }
  return { weights, bias };
}

function scoresOf({ weights, bias }: Fit, { buckets, values }: TextFeatures, classes: number): Float32Array {
  const scores = bias.slice();
  for (let f = 0; f < buckets.length; f++) {
    const from = buckets[f]! * classes;
    const value = values[f]!;
    for (let c = 0; c < classes; c++) scores[c]! += weights[from + c]! * value;
  }
  return scores;
}

function softmaxed(scores: Float32Array): Float32Array {
  const most = scores.reduce((a, b) => Math.max(a, b));
  const exponentials = scores.map((score) => Math.exp(score - most));
  const total = exponentials.reduce((a, b) => a + b);
  return exponentials.map((x) => x / total);
}
