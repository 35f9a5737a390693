/**
 * Fits the matcher on pairs that people labelled: word weights, then boosted trees on the features of a pair, then the
 * threshold. What the trees see of a pair's words, and what the threshold is chosen on, comes from models that never
 * saw the pair (stacking: Wolpert 1992, "Stacked generalization").
 */

import type { Product } from '../../shared/product.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import type { TextPair } from '../dataset/rows.ts';
import {
  type BoostedTrees,
  type BoostingOptions,
  fitBoostedTrees,
  predictBoostedTrees,
} from '../simulate/boosted-trees.ts';
import type { TrainingOptions } from '../training-options.ts';
import { Corpus, corpusOf } from './corpus.ts';
import { featureRow, type MatcherModel } from './matcher.ts';
import { type ProductTerms, productTerms } from './product-terms.ts';
import { fitWordWeights, type WordExample, type WordWeights, wordScore } from './word-weights.ts';

export interface MatcherOptions {
  folds: number;
  /** Pairs of each label needed at least: fewer do not tell a threshold. */
  leastPairs: number;
  /** Pairs at most, drawn at random: more teach little, and cost time. */
  mostPairs: number;
  /** Pairs that a second fits, on a slow machine, and the share of the remaining time that the matcher may take. */
  pairsPerSecond: number;
  share: number;
  trees: BoostingOptions;
}

/** Chosen by cross-validation on Amazon-Google's training pairs. */
export const MATCHER_OPTIONS: MatcherOptions = {
  folds: 5,
  leastPairs: 20,
  mostPairs: 20_000,
  pairsPerSecond: 150,
  share: 0.3,
  trees: {
    trees: 150,
    learningRate: 0.08,
    depth: 5,
    leastRows: 8,
    rowShare: 0.7,
    featureShare: 0.3,
    sketch: 1,
  },
};

export interface MatcherReport {
  pairs: number;
  same: number;
  /** On pairs that the model left out, at the threshold; precision and recall with it. */
  f1: number;
  precision: number;
  recall: number;
  threshold: number;
}

/**
 * @param products the catalogue, beside the products of the pairs: how rare words are, and who else might be meant
 * @returns undefined where one of the labels is missing or rare, or no time is left
 */
export function fitMatcher(
  pairs: readonly TextPair[],
  products: readonly Product[],
  options: Pick<TrainingOptions, 'random' | 'progress' | 'deadline'>,
  settings: MatcherOptions = MATCHER_OPTIONS,
): { model: MatcherModel; report: MatcherReport } | undefined {
  const random = options.random.fork('matcher');
  const affordable = Math.max(0, options.deadline() * settings.share * settings.pairsPerSecond);
  const told = shuffle([...pairs], random).slice(0, Math.min(settings.mostPairs, affordable));
  const same = told.filter(({ label }) => label === 1).length;
  if (Math.min(same, told.length - same) < settings.leastPairs) return undefined;
  const stage = options.progress.stage('same-product matcher', settings.folds + 1);
  const terms = termsOnce();
  const examples = told.map(({ a, b, label }): WordExample => ({ a: terms(a), b: terms(b), label }));
  const known = [...products.map(terms), ...examples.flatMap(({ a, b }) => [a, b])];
  const corpus = corpusOf(known);
  const opened = new Corpus(corpus);

  // Every fold holds both labels: pairs were shuffled, and are dealt out label by label.
  const foldOf = dealt(examples, settings.folds);
  const scores = outOfFold(examples, foldOf, settings.folds, (learn) => {
    const words = fitWordWeights(learn, random.fork('words'));
    return ({ a, b }) => wordScore(words, a, b);
  });
  const rows = examples.map(({ a, b }, i) => featureRow(a, b, opened, scores[i]!));
  const indexed = examples.map(({ label }, i) => ({ row: rows[i]!, label }));
  let fold = 0;
  const chances = outOfFold(indexed, foldOf, settings.folds, (learn) => {
    const trees = fitTrees(learn, settings.trees, random);
    stage.update(++fold);
    return ({ row }) => predictBoostedTrees(trees, row)[0]!;
  });
  const best = bestThreshold(
    chances,
    examples.map(({ label }) => label),
  );
  const words: WordWeights = fitWordWeights(examples, random.fork('words'));
  const trees = fitTrees(indexed, settings.trees, random);
  stage.end(`${told.length} pairs, ${same} of one product; left-out F1 ${best.f1.toFixed(3)}`);
  return {
    model: { corpus, words, trees, threshold: best.threshold },
    report: { pairs: told.length, same, ...best },
  };
}

/** Terms of a product, read once however many pairs hold it. */
function termsOnce(): (product: Product) => ProductTerms {
  const known = new Map<Product, ProductTerms>();
  return (product) => {
    const found = known.get(product) ?? productTerms(product);
    known.set(product, found);
    return found;
  };
}

function dealt(examples: readonly { label: 0 | 1 }[], folds: number): Int32Array {
  const next = [0, 0];
  return Int32Array.from(examples, ({ label }) => next[label]!++ % folds);
}

/** What a model that was fitted on the other folds says of each example. */
function outOfFold<T>(
  examples: readonly T[],
  foldOf: Int32Array,
  folds: number,
  learnFrom: (learn: readonly T[]) => (example: T) => number,
): Float64Array {
  const out = new Float64Array(examples.length);
  for (let fold = 0; fold < folds; fold++) {
    const says = learnFrom(examples.filter((_, i) => foldOf[i] !== fold));
    examples.forEach((example, i) => {
      if (foldOf[i] === fold) out[i] = says(example);
    });
  }
  return out;
}

const fitTrees = (
  learn: readonly { row: Float32Array; label: 0 | 1 }[],
  settings: BoostingOptions,
  random: Random,
): BoostedTrees =>
  fitBoostedTrees(
    learn.map(({ row }) => row),
    learn.map(({ label }) => [label]),
    settings,
    random.fork('trees'),
  );

/** The chance from which on F1 is largest: every cut between two examples is tried. */
export function bestThreshold(
  chances: ArrayLike<number>,
  labels: readonly (0 | 1)[],
): Pick<MatcherReport, 'threshold' | 'f1' | 'precision' | 'recall'> {
  const order = [...labels.keys()].sort((i, j) => chances[j]! - chances[i]!);
  const wanted = labels.filter((label) => label === 1).length;
  let right = 0;
  let best = { threshold: 1, f1: 0, precision: 0, recall: 0 };
  order.forEach((i, place) => {
    right += labels[i]!;
    const next = order[place + 1];
    if (next !== undefined && chances[next] === chances[i]) return;
    const f1 = (2 * right) / (place + 1 + wanted);
    if (f1 <= best.f1) return;
    const threshold = next === undefined ? chances[i]! : (chances[i]! + chances[next]!) / 2;
    best = { threshold, f1, precision: right / (place + 1), recall: right / wanted };
  });
  return best;
}
