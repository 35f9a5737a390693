/**
 * Which words tell products apart: logistic regression on the terms that both names hold and that one of them holds
 * alone. "Upgrade" in one name alone says more than "software" does, however rare both are.
 */

import { type Random, shuffle } from '../../shared/random.ts';
import type { ProductTerms } from './product-terms.ts';

export interface WordWeightOptions {
  epochs: number;
  /** AdaGrad (Duchi et al. 2011). */
  rate: number;
  /** L2 penalty on the weights that a step touches. */
  decay: number;
}

/** Chosen by cross-validation on Amazon-Google's training pairs. */
export const WORD_WEIGHTS: WordWeightOptions = { epochs: 12, rate: 0.2, decay: 1e-3 };

/** By feature: `= term`, `- term`, and the bias under an empty name. */
export type WordWeights = Readonly<Record<string, number>>;

export interface WordExample {
  a: ProductTerms;
  b: ProductTerms;
  label: 0 | 1;
}

export function fitWordWeights(
  examples: readonly WordExample[],
  random: Random,
  settings: WordWeightOptions = WORD_WEIGHTS,
): WordWeights {
  const weights = new Map<string, number>();
  const slopes = new Map<string, number>();
  const known = examples.map(({ a, b, label }) => ({ features: wordFeatures(a, b), label }));
  const order = Int32Array.from(known.keys());
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    for (const i of shuffle(order, random)) {
      const { features, label } = known[i]!;
      const error = chance(logit(features, (name) => weights.get(name) ?? 0)) - label;
      for (const [name, value] of features) {
        const weight = weights.get(name) ?? 0;
        const slope = error * value + settings.decay * weight;
        const squares = (slopes.get(name) ?? 0) + slope * slope;
        slopes.set(name, squares);
        weights.set(name, weight - (settings.rate * slope) / (Math.sqrt(squares) + 1e-6));
      }
    }
  }
  return Object.fromEntries([...weights].map(([name, weight]) => [name, Number(weight.toPrecision(5))]));
}

/** The logit of being one product. */
export const wordScore = (weights: WordWeights, a: ProductTerms, b: ProductTerms): number =>
  logit(wordFeatures(a, b), (name) => weights[name] ?? 0);

/** Together of unit length, so that long names do not shout; the bias apart. */
function wordFeatures(a: ProductTerms, b: ProductTerms): [string, number][] {
  const [inA, inB] = [new Set(a.name), new Set(b.name)];
  const names = [
    ...a.name.map((term) => `${inB.has(term) ? '=' : '-'} ${term}`),
    ...b.name.filter((term) => !inA.has(term)).map((term) => `- ${term}`),
  ];
  const value = 1 / Math.sqrt(Math.max(1, names.length));
  return [['', 1], ...names.map((name): [string, number] => [name, value])];
}

const logit = (features: readonly [string, number][], weightOf: (name: string) => number): number =>
  features.reduce((sum, [name, value]) => sum + weightOf(name) * value, 0);

const chance = (x: number): number => 1 / (1 + Math.exp(-x));
