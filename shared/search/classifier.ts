/** Tells a product's category from its text: multinomial logistic regression over hashed words and letter groups. */

import { BadInput } from '../errors.ts';
import { hash32 } from '../random.ts';
import { type Tensors, tensorOf } from '../tensors.ts';
import { searchTerms } from './words.ts';

export interface Classifier {
  /** Category paths, "A > B". */
  classes: string[];
  buckets: number;
  /** Letters in the groups that it reads. */
  letters: readonly number[];
  /** [buckets * classes]. */
  weights: Int8Array;
  /** Value of one unit of each class's weights, [classes]. */
  scale: Float32Array;
  bias: Float32Array;
  /** Scores are divided by this, so that confidence is the chance of being right. */
  temperature: number;
}

export interface TextFeatures {
  buckets: Int32Array;
  /** Together of unit length. */
  values: Float32Array;
}

/** Letters in a group: enough to know a word's stem, few enough to be seen again. */
export const LETTERS: readonly number[] = [2, 3, 4, 5];

/** Of releases that do not say. */
const EARLIER_LETTERS: readonly number[] = [3, 4, 5];

/** Words, pairs of neighbouring words and groups of letters within words, each hashed to one of `buckets`. */
export function classifierFeatures(
  text: string,
  { buckets, letters }: Pick<Classifier, 'buckets' | 'letters'>,
): TextFeatures {
  const terms = searchTerms(text);
  const counts = new Map<number, number>();
  const add = (name: string, weight: number): void => {
    const bucket = hash32(name) % buckets;
    counts.set(bucket, (counts.get(bucket) ?? 0) + weight);
  };
  terms.forEach((term, i) => {
    add(`w ${term}`, 1);
    if (i > 0) add(`p ${terms[i - 1]} ${term}`, 1);
    const padded = `_${term}_`;
    for (const size of letters) {
      for (let from = 0; from + size <= padded.length && term.length <= 24; from++)
        add(`g ${padded.slice(from, from + size)}`, 0.5);
    }
  });
  const values = Float32Array.from(counts.values(), (count) => Math.log1p(count));
  const length = Math.hypot(...values) || 1;
  return { buckets: Int32Array.from(counts.keys()), values: values.map((value) => value / length) };
}

export interface Verdict {
  category: string;
  /** Chance of being right, 0 to 1. */
  confidence: number;
}

/** The likeliest category of a text; undefined for a text without words, which tells nothing. */
export function classify(classifier: Classifier, text: string): Verdict | undefined {
  const { classes, scale, bias, temperature } = classifier;
  const features = classifierFeatures(text, classifier);
  if (features.buckets.length === 0) return undefined;
  if (classes.length === 1)
    return { category: classes[0]!, confidence: onlyConfidence(classifier, features) };
  const sums = new Float32Array(classes.length);
  features.buckets.forEach((bucket, i) => {
    const from = bucket * classes.length;
    for (let c = 0; c < sums.length; c++) sums[c]! += classifier.weights[from + c]! * features.values[i]!;
  });
  const scores = sums.map((sum, c) => (sum * scale[c]! + bias[c]!) / temperature);
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
  const total = scores.reduce((sum, score) => sum + Math.exp(score - scores[best]!), 0);
  return { category: classes[best]!, confidence: 1 / total };
}

/** What a classifier of one category has for weights, bias and temperature. */
export interface OnlyCategory {
  /** 1 for what its products' texts hold, [buckets]. */
  held: Float32Array;
  /** Logit of the chance that the next product of the catalogue has it too. */
  bias: number;
  /** Share of a product's text that others of them hold, on average. */
  familiar: number;
}

/**
 * Nothing was learned that tells an only category from others. What is known is how likely the catalogue's next product
 * has it (Krichevsky and Trofimov 1981: half a product of another one), and whether a text looks like one of its products:
 * as far as it is less familiar than they are to each other, the chance is less.
 */
export function onlyCategory(examples: readonly TextFeatures[], buckets: number): OnlyCategory {
  const counts = new Uint32Array(buckets);
  for (const each of examples) for (const bucket of each.buckets) counts[bucket]!++;
  const shares = examples.map((each) => shareWithin(each, (bucket) => counts[bucket]! > 1));
  const familiar = shares.reduce((sum, share) => sum + share, 0) / examples.length;
  return {
    held: Float32Array.from(counts, (count) => Math.min(1, count)),
    bias: Math.log((examples.length + 0.5) / 0.5),
    familiar: familiar > 0 ? familiar : 1,
  };
}

function onlyConfidence({ weights, bias, temperature }: Classifier, features: TextFeatures): number {
  const share = shareWithin(features, (bucket) => weights[bucket] !== 0);
  return Math.min(1, share / temperature) / (1 + Math.exp(-bias[0]!));
}

/** Of a text's features, whose squares sum to 1, those that are held. */
function shareWithin({ buckets, values }: TextFeatures, held: (bucket: number) => boolean): number {
  return values.reduce((sum, value, i) => (held(buckets[i]!) ? sum + value * value : sum), 0);
}

/** The tensors and the metadata of classify.safetensors. */
export function classifierTensors(classifier: Classifier): {
  tensors: Tensors;
  metadata: Record<string, string>;
} {
  const { classes, buckets, letters, weights, scale, bias, temperature } = classifier;
  return {
    tensors: {
      weights: { shape: [buckets, classes.length], data: weights },
      'weights.scale': { shape: [classes.length], data: scale },
      bias: { shape: [classes.length], data: bias },
      temperature: { shape: [1], data: Float32Array.of(temperature) },
    },
    metadata: { classes: JSON.stringify(classes), letters: JSON.stringify(letters) },
  };
}

/** The inverse of classifierTensors. @throws BadInput where the parts do not fit each other */
export function readClassifier(tensors: Tensors, metadata: Record<string, string>): Classifier {
  const classes = JSON.parse(metadata.classes ?? 'null') as unknown;
  if (!Array.isArray(classes) || classes.length === 0)
    throw new BadInput(
      { file: 'classify.safetensors', field: 'classes' },
      'a list of classes',
      `${metadata.classes}`,
    );
  const { shape, data: weights } = tensorOf(tensors, 'weights');
  const count = classes.length;
  return {
    classes: classes.map(String),
    buckets: shape[0]!,
    letters: metadata.letters === undefined ? EARLIER_LETTERS : (JSON.parse(metadata.letters) as number[]),
    weights: tensorOf(tensors, 'weights', [weights.length / count, count]).data as Int8Array,
    scale: tensorOf(tensors, 'weights.scale', [count]).data as Float32Array,
    bias: tensorOf(tensors, 'bias', [count]).data as Float32Array,
    temperature: tensorOf(tensors, 'temperature', [1]).data[0]!,
  };
}
