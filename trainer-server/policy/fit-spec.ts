/** What training finds out about a shop's data before any network: the FeatureSpec. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import type { AttributeFeature, FeatureSpec } from '../../shared/features/spec.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import { wordsOf } from '../../shared/features/words.ts';
import type { AttributeKind } from '../../shared/shop.ts';
import type { Dataset } from '../dataset/load.ts';

export interface SpecOptions {
  /** Most values of a categorical attribute with an input of their own. */
  values: number;
  /** A value must be seen this often to have one: rarer ones cannot be learned and could identify a shopper. */
  valueCount: number;
  /** Most category segments with an input of their own. */
  categories: number;
  /** Most words of searches with an input of their own, and how many visitors must have used one. */
  words: number;
  wordVisitors: number;
  /** Quantile bins of a numeric attribute. */
  bins: number;
}

export const SPEC_OPTIONS: SpecOptions = {
  values: 48,
  valueCount: 10,
  categories: 24,
  words: 12,
  wordVisitors: 20,
  bins: 8,
};

/**
 * Fits the spec. Promotions that no decision ever took get no input of their own: an untrained input would be noise,
 * so they are known by their terms.
 */
export function fitSpec(
  dataset: Pick<Dataset, 'shop' | 'products' | 'events' | 'promotions' | 'decisions'>,
  options: SpecOptions = SPEC_OPTIONS,
): FeatureSpec {
  const taken = new Set(dataset.decisions.map((decision) => decision.action));
  const prices = pricesOf(dataset).sort((left, right) => left - right);
  return {
    version: FEATURE_VERSION,
    attributes: Object.entries(dataset.shop.attributes).map(([name, kind]) =>
      fitAttribute(name, kind, dataset.decisions, options),
    ),
    slots: dataset.shop.slots,
    promotions: dataset.promotions.map((promotion) => promotion.id).filter((id) => taken.has(id)),
    categories: commonSegments(dataset, options.categories),
    words: commonWishes(dataset, options),
    priceEdges: prices.length === 0 ? [] : quantiles(prices, 16),
    priceScale: prices.length === 0 ? amountScale(dataset) : Math.max(1, prices[prices.length >> 1]!),
  };
}

/** The catalogue's prices; without any, those that were paid. */
function pricesOf({ products, events }: Pick<Dataset, 'products' | 'events'>): number[] {
  const listed = products.flatMap((product) => product.price ?? []);
  if (listed.length > 0) return listed;
  return events.flatMap((event) => itemsOf(event).flatMap((item) => item.price ?? []));
}

/** A shop without prices may still promise amounts: their median is then the unit. */
function amountScale({ promotions }: Pick<Dataset, 'promotions'>): number {
  const amounts = promotions.flatMap(({ terms }) => ('amount' in terms ? (terms.amount ?? []) : []));
  amounts.sort((left, right) => left - right);
  return Math.max(1, amounts[amounts.length >> 1] ?? 100);
}

/** The segments that shoppers touch most, lower case; the catalogue's commonest where there is no behaviour. */
function commonSegments({ products, events }: Pick<Dataset, 'products' | 'events'>, most: number): string[] {
  const paths = new Map(products.map(({ sku, category }) => [sku, category]));
  const counts = new Map<string, number>();
  const count = (path: readonly string[] | undefined, weight: number) => {
    for (const segment of path ?? []) {
      const key = segment.toLowerCase();
      counts.set(key, (counts.get(key) ?? 0) + weight);
    }
  };
  for (const path of paths.values()) count(path, 1 / Math.max(1, products.length));
  if (counts.size > 0)
    for (const event of events) for (const { sku } of itemsOf(event)) count(paths.get(sku), 1);
  return mostCommon(counts, most);
}

/** Words that many search for and no product is called: what shoppers wish for, rather than what they look for. */
function commonWishes(
  { products, events, decisions }: Pick<Dataset, 'products' | 'events' | 'decisions'>,
  { words, wordVisitors }: SpecOptions,
): string[] {
  const named = new Set<string>();
  for (const { title, category, brand } of products) {
    for (const word of wordsOf([title, ...category, brand ?? ''].join(' '))) named.add(word);
  }
  const visitors = new Map<string, Set<string>>();
  const count = ({ query, visitor }: BehaviourEvent) => {
    for (const word of query === undefined ? [] : wordsOf(query)) {
      if (named.has(word)) continue;
      visitors.set(word, (visitors.get(word) ?? new Set()).add(visitor));
    }
  };
  events.forEach(count);
  for (const { history } of decisions) history.forEach(count);
  const counts = new Map<string, number>();
  for (const [word, who] of visitors) if (who.size >= wordVisitors) counts.set(word, who.size);
  return mostCommon(counts, words);
}

function fitAttribute(
  name: string,
  kind: AttributeKind,
  decisions: Dataset['decisions'],
  options: SpecOptions,
): AttributeFeature {
  const values = decisions.flatMap((decision) => decision.attributes?.[name] ?? []);
  if (kind === 'boolean') return { name, kind };
  if (kind === 'category') {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    for (const [value, count] of counts) if (count < options.valueCount) counts.delete(value);
    return { name, kind, values: mostCommon(counts, options.values).sort() };
  }
  const numbers = values.flatMap((value) => {
    const number = value === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : [];
  });
  const mean = numbers.reduce((sum, x) => sum + x, 0) / Math.max(1, numbers.length);
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, numbers.length);
  numbers.sort((left, right) => left - right);
  const edges = [...new Set(quantiles(numbers, options.bins))];
  return { name, kind, mean, deviation: Math.sqrt(variance), edges };
}

/** The n - 1 values that cut ascending numbers into n equal parts. */
function quantiles(ascending: readonly number[], n: number): number[] {
  if (ascending.length === 0) return [];
  return Array.from({ length: n - 1 }, (_, i) => ascending[Math.floor(((i + 1) * ascending.length) / n)]!);
}

/** By count, ties by name, so that equal data gives equal specs. */
function mostCommon(counts: ReadonlyMap<string, number>, most: number): string[] {
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([key]) => key);
}
