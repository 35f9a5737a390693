/** A shop's catalogue as the simulated shoppers meet it: indexed, priced, grouped, with an appeal of its own. */

import type { Product } from '../../shared/product.ts';
import { hash32, type Random, seeded } from '../../shared/random.ts';
import type { Calibration } from './calibrate.ts';

/** A catalogue without prices is simulated at this many minor units a product; events then show none. */
const NOMINAL_PRICE = 2000;
const DEFAULT_MARGIN = 0.4;
const MOST_GROUPS = 40;
/** Groups made where a catalogue has neither categories nor words. */
const BLIND_GROUPS = 6;

export interface Catalogue {
  products: readonly Product[];
  rowOf: ReadonlyMap<string, number>;
  /** Minor units, never zero. */
  price: Float64Array;
  /** 1 where shoppers (and events) see the price. */
  priced: Uint8Array;
  cost: Float64Array;
  /** Rank of the price inside its group, 0 cheapest to 1. */
  priceRank: Float64Array;
  /** 1 where a list price above the price is shown. */
  reduced: Uint8Array;
  group: Int32Array;
  /** Rows by group; with `cumulative` appeal for drawing. */
  groups: { name: string; rows: Int32Array; cumulative: Float64Array }[];
  /** Sum of each group's appeal. */
  groupAppeal: Float64Array;
  /** Rows most often bought together with a row. */
  neighbours: (Int32Array | undefined)[];
  /** Median price: the unit of everything that is derived from prices. */
  typicalPrice: number;
}

/** @param margin share of a price that is margin where a product has no cost */
export function indexCatalogue(
  products: readonly Product[],
  calibration: Calibration,
  margin = DEFAULT_MARGIN,
  seed: number | string = 0,
): Catalogue {
  const rowOf = new Map(products.map((product, row) => [product.sku, row]));
  const known = products.map((product) => product.price ?? calibration.paidPrice.get(product.sku) ?? 0);
  const typicalPrice = median(known.filter((price) => price > 0)) ?? NOMINAL_PRICE;
  const price = Float64Array.from(known, (value) => (value > 0 ? value : typicalPrice));
  const group = groupsOf(products);
  const appeal = appealOf(products, calibration, seeded(`${seed}/appeal`));
  const groups = gatherGroups(group, appeal);
  return {
    products,
    rowOf,
    price,
    priced: Uint8Array.from(known, (value) => (value > 0 ? 1 : 0)),
    cost: Float64Array.from(products, (product, row) =>
      Math.round(Math.min(product.cost ?? price[row]! * (1 - margin), price[row]!)),
    ),
    priceRank: priceRanks(groups, price),
    reduced: Uint8Array.from(products, (product) =>
      product.listPrice !== undefined && product.price !== undefined && product.listPrice > product.price
        ? 1
        : 0,
    ),
    group: group.index,
    groups,
    groupAppeal: Float64Array.from(groups, ({ cumulative }) => cumulative.at(-1) ?? 0),
    neighbours: products.map(({ sku }) => {
      const rows = calibration.neighbours.get(sku)?.flatMap((other) => rowOf.get(other) ?? []);
      return rows === undefined || rows.length === 0 ? undefined : Int32Array.from(rows);
    }),
    typicalPrice,
  };
}

/**
 * A row of a group, by appeal times a preference for cheap (`thrift` > 0) or dear (< 0) products, by rejection:
 * after eight refusals the last one stands, which keeps drawing constant in time.
 */
export function drawFromGroup(
  catalogue: Catalogue,
  group: number,
  thrift: number,
  reducedLove: number,
  random: Random,
): number {
  const { rows, cumulative } = catalogue.groups[group]!;
  let row = rows[0]!;
  for (let tries = 0; tries < 8; tries++) {
    row = rows[searchCumulative(cumulative, random.next() * cumulative.at(-1)!)]!;
    const rank = catalogue.priceRank[row]!;
    const likes = Math.exp(-thrift * (thrift > 0 ? rank : rank - 1));
    const offer = catalogue.reduced[row] === 1 ? 1 : 1 / (1 + reducedLove);
    if (random.next() < likes * offer) break;
  }
  return row;
}

/** First index whose cumulative weight exceeds `at`. */
export function searchCumulative(cumulative: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Words of a text as shoppers type them; runs of Han characters are cut to pairs, since nobody types whole titles. */
export function wordsOf(text: string): string[] {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)].flatMap(([word]) => {
    if (!/\p{Script=Han}/u.test(word)) return word.length > 2 ? [word] : [];
    const letters = [...word];
    if (letters.length <= 4) return [word];
    return [letters.slice(0, 2).join(''), letters.slice(-2).join('')];
  });
}

interface Grouping {
  index: Int32Array;
  names: string[];
}

/** Categories to the deepest level that leaves few enough groups, else a telling word of the title, else chance. */
function groupsOf(products: readonly Product[]): Grouping {
  const deepest = products.reduce((depth, { category }) => Math.max(depth, category.length), 0);
  for (let depth = deepest; depth > 0; depth--) {
    const names = products.map((product) => product.category.slice(0, depth).join(' > '));
    if (depth === 1 || new Set(names).size <= MOST_GROUPS) return numbered(names);
  }
  const frequency = new Map<string, number>();
  const words = products.map((product) => [...new Set(wordsOf(product.title))]);
  for (const word of words.flat()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const telling = [...frequency]
    .filter(([, count]) => count >= 2 && count <= products.length / 5)
    .sort((left, right) => right[1] - left[1])
    .slice(0, MOST_GROUPS - 1)
    .map(([word]) => word);
  if (telling.length < 2)
    return numbered(products.map(({ sku }) => `group ${1 + (hash32(sku) % BLIND_GROUPS)}`));
  return numbered(words.map((own) => telling.find((word) => own.includes(word)) ?? ''));
}

/** The largest groups keep their name; what is past MOST_GROUPS shares one. */
function numbered(names: readonly string[]): Grouping {
  const size = new Map<string, number>();
  for (const name of names) size.set(name, (size.get(name) ?? 0) + 1);
  const kept = [...size].sort((left, right) => right[1] - left[1]).slice(0, MOST_GROUPS);
  const order = new Map(kept.map(([name], at) => [name, at]));
  return {
    index: Int32Array.from(names, (name) => order.get(name) ?? MOST_GROUPS - 1),
    names: kept.map(([name]) => name),
  };
}

/** Real popularity where events tell; else a lognormal draw with more for well-rated products. */
function appealOf(products: readonly Product[], calibration: Calibration, random: Random): Float64Array {
  return Float64Array.from(products, (product) => {
    const chance = Math.exp(0.8 * random.normal() + 0.4 * ((product.rating ?? 4) - 4));
    const seen = calibration.popularity.get(product.sku) ?? 0;
    return calibration.popularity.size > 0 ? seen + 0.1 : chance;
  });
}

function gatherGroups({ index, names }: Grouping, appeal: Float64Array): Catalogue['groups'] {
  return names.map((name, at) => {
    const rows = Int32Array.from([...index.keys()].filter((row) => index[row] === at));
    let sum = 0;
    const cumulative = Float64Array.from(rows, (row) => {
      sum += appeal[row]!;
      return sum;
    });
    return { name, rows, cumulative };
  });
}

function priceRanks(groups: Catalogue['groups'], price: Float64Array): Float64Array {
  const rank = new Float64Array(price.length);
  for (const { rows } of groups) {
    const sorted = [...rows].sort((left, right) => price[left]! - price[right]!);
    sorted.forEach((row, at) => {
      rank[row] = sorted.length > 1 ? at / (sorted.length - 1) : 0.5;
    });
  }
  return rank;
}

function median(values: number[]): number | undefined {
  return values.sort((left, right) => left - right)[values.length >> 1];
}
