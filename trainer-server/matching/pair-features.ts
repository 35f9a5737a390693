/** Two products as numbers that tell whether they are one: the same whichever of them comes first. */

import type { Corpus, TermKind } from './corpus.ts';
import { isNumber, type ProductTerms } from './product-terms.ts';

/** By name; the order of the names is that of the learner's inputs. */
export type PairFeatures = Record<string, number>;

/** Stands for what cannot be told, such as the ratio of unknown prices: a tree can set it apart. */
const UNKNOWN = -1;

/** @param wordScore what the differing and shared words alone say (WordWeights) */
export function pairFeatures(
  a: ProductTerms,
  b: ProductTerms,
  corpus: Corpus,
  wordScore: number,
): PairFeatures {
  return {
    wordScore,
    ...overlap('name', a, b, corpus),
    ...overlap('neighbours', a, b, corpus),
    ...overlap('grams', a, b, corpus),
    ...overlap('all', a, b, corpus),
    ...loosely(a, b, corpus),
    ...numbers(a, b),
    ...fields(a, b, corpus),
    ...rivalry(a, b, corpus),
  };
}

/** Terms in both and in one alone, weighed by their rarity. */
function overlap(kind: TermKind, a: ProductTerms, b: ProductTerms, corpus: Corpus): PairFeatures {
  const [both, left, right] = [
    weights(shared(a[kind], b[kind]), kind, corpus),
    weights(alone(a[kind], b[kind]), kind, corpus),
    weights(alone(b[kind], a[kind]), kind, corpus),
  ];
  const [held, inA, inB] = [total(both), total(left), total(right)];
  const lengths = Math.sqrt((squares(both) + squares(left)) * (squares(both) + squares(right)));
  const containments = [ratio(held, held + inA), ratio(held, held + inB)];
  return {
    [`${kind}.cosine`]: ratio(squares(both), lengths),
    [`${kind}.jaccard`]: ratio(held, held + inA + inB),
    ...ends(`${kind}.containment`, containments),
    ...ends(`${kind}.alone`, [inA, inB]),
    ...ends(`${kind}.rarestAlone`, [Math.max(0, ...left), Math.max(0, ...right)]),
    [`${kind}.shared`]: held,
    [`${kind}.rarestShared`]: Math.max(0, ...both),
  };
}

/** As above where shops write differently: "pro" for "professional", "cs" for "creative suite", "drop box" for "dropbox". */
function loosely(a: ProductTerms, b: ProductTerms, corpus: Corpus): PairFeatures {
  const said = new Set([...otherwiseSaid(a.name, b.name), ...otherwiseSaid(b.name, a.name)]);
  const left = alone(a.name, b.name).filter((term) => !said.has(term));
  const right = alone(b.name, a.name).filter((term) => !said.has(term));
  const [inA, inB] = [left, right].map((terms) => weights(terms, 'name', corpus));
  const whole = [a, b].map(({ name }) => total(weights(name, 'name', corpus)));
  return {
    ...ends('loose.alone', [total(inA!), total(inB!)]),
    ...ends('loose.share', [ratio(total(inA!), whole[0]!), ratio(total(inB!), whole[1]!)]),
    ...ends('loose.terms', [left.length, right.length]),
    ...ends('loose.rarest', [Math.max(0, ...inA!), Math.max(0, ...inB!)]),
  };
}

/** Letters that an abbreviation has at least, and initials at most. */
const [SHORTEST, MOST_INITIALS] = [3, 5];

/** Words that are short for, or made of, words of the other name, and those words. */
function otherwiseSaid(short: readonly string[], long: readonly string[]): string[] {
  return short.flatMap((term) => {
    if (isNumber(term)) return [];
    return long.flatMap((word, i) => {
      if (term.length >= SHORTEST && word.startsWith(term)) return [term, word];
      if (term === word + (long[i + 1] ?? '')) return [term, word, long[i + 1]!];
      const words = long.slice(i, i + term.length);
      const initials = words.map((each) => each[0]).join('');
      return term.length >= 2 && term.length <= MOST_INITIALS && initials === term ? [term, ...words] : [];
    });
  });
}

const NUMBER_KINDS = {
  version: (number: string): boolean => number.length <= 2 || number.includes('_'),
  year: (number: string): boolean => /^(?:19|20)\d\d$/.test(number),
  code: (number: string): boolean => number.length >= 3 && !number.includes('_'),
} as const;

/** Numbers that agree and that differ, versions, years and codes apart. */
function numbers(a: ProductTerms, b: ProductTerms): PairFeatures {
  return Object.fromEntries(
    Object.entries(NUMBER_KINDS).flatMap(([kind, is]) => {
      const [x, y] = [a, b].map(({ name }) =>
        name.filter((term) => isNumber(term) && is(term) && (kind === 'year' || !NUMBER_KINDS.year(term))),
      );
      const [left, right] = [alone(x!, y!).length, alone(y!, x!).length];
      return Object.entries({
        [`${kind}.shared`]: shared(x!, y!).length,
        ...ends(`${kind}.alone`, [left, right]),
      });
    }),
  );
}

function fields(a: ProductTerms, b: ProductTerms, corpus: Corpus): PairFeatures {
  const known = a.price !== undefined && b.price !== undefined;
  const brands = a.brand.length > 0 && b.brand.length > 0;
  const within = (x: ProductTerms, y: ProductTerms): number =>
    x.brand.length === 0
      ? UNKNOWN
      : ratio(
          total(weights(shared(x.brand, y.name), 'name', corpus)),
          total(weights(x.brand, 'name', corpus)),
        );
  return {
    priceRatio: known ? Math.abs(Math.log(a.price! / b.price!)) : UNKNOWN,
    cheaper: known ? Math.log(Math.min(a.price!, b.price!)) : UNKNOWN,
    brand: brands
      ? ratio(shared(a.brand, b.brand).length, Math.min(a.brand.length, b.brand.length))
      : UNKNOWN,
    ...ends('brandInName', [within(a, b), within(b, a)]),
    ...ends('terms', [a.name.length, b.name.length]),
    firstShared: firstShared(a.name, b.name),
  };
}

/** Place of the first term, of the product that tells it earlier, that the other has too: names begin with what matters. */
function firstShared(a: readonly string[], b: readonly string[]): number {
  const place = (x: readonly string[], y: readonly string[]): number => {
    const found = x.findIndex((term) => y.includes(term));
    return found < 0 ? x.length : found;
  };
  return place(a, b) + place(b, a);
}

/** Whether other known products are likelier partners: one product of one shop has one of another. */
function rivalry(a: ProductTerms, b: ProductTerms, corpus: Corpus): PairFeatures {
  const weigh = (terms: readonly string[]): number => squares(weights(terms, 'name', corpus));
  const own = ratio(weigh(shared(a.name, b.name)), Math.sqrt(weigh(a.name) * weigh(b.name)));
  const sides = [
    [a, b],
    [b, a],
  ].map(([x, y]) => {
    const rivals = corpus.rivals(x!).filter(({ key }) => key !== y!.key);
    return {
      lead: own - (rivals[0]?.likeness ?? 0),
      above: rivals.filter(({ likeness }) => likeness > own).length,
    };
  });
  return {
    ...ends('rivals.lead', [sides[0]!.lead, sides[1]!.lead]),
    ...ends('rivals.above', [sides[0]!.above, sides[1]!.above]),
  };
}

const shared = (x: readonly string[], y: readonly string[]): string[] => {
  const others = new Set(y);
  return x.filter((term) => others.has(term));
};

const alone = (x: readonly string[], y: readonly string[]): string[] => {
  const others = new Set(y);
  return x.filter((term) => !others.has(term));
};

const weights = (terms: readonly string[], kind: TermKind, corpus: Corpus): number[] =>
  terms.map((term) => corpus.rarity(kind, term));

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** The smaller and the larger of both products' values: the order of a pair says nothing. */
const ends = (name: string, values: readonly number[]): PairFeatures => ({
  [`${name}.least`]: Math.min(...values),
  [`${name}.most`]: Math.max(...values),
});
