/** The products that a matcher knows: how rare each term is, and which of them are most like a given one. */

import type { ProductTerms } from './product-terms.ts';

/** Kinds of terms that are weighed apart. */
export type TermKind = 'name' | 'neighbours' | 'grams' | 'all';

export interface CorpusFile {
  /** Names of the products, as terms: rivals of a match are looked for among them. */
  names: readonly (readonly string[])[];
  /** Products that hold each term, by kind. */
  counts: Record<TermKind, Readonly<Record<string, number>>>;
}

export interface Rival {
  key: string;
  /** Cosine of the names, terms weighed by rarity. */
  likeness: number;
}

const KINDS: readonly TermKind[] = ['name', 'neighbours', 'grams', 'all'];
/** Products most like another that are kept. */
const RIVALS = 12;
/** Terms that more than this share of the products hold are not looked up: they make everything alike. */
const COMMON = 0.1;

export function corpusOf(products: readonly ProductTerms[]): CorpusFile {
  const known = [...new Map(products.map((product) => [product.key, product])).values()];
  const counts = Object.fromEntries(
    KINDS.map((kind) => {
      const found = new Map<string, number>();
      for (const product of known)
        for (const term of product[kind]) found.set(term, (found.get(term) ?? 0) + 1);
      return [kind, Object.fromEntries(found)];
    }),
  ) as Record<TermKind, Record<string, number>>;
  return { names: known.map(({ name }) => name), counts };
}

export class Corpus {
  readonly size: number;
  #counts: Record<TermKind, ReadonlyMap<string, number>>;
  #keys: string[];
  #lengths: Float64Array;
  #holders = new Map<string, number[]>();
  #rivals = new Map<string, Rival[]>();

  constructor({ names, counts }: CorpusFile) {
    this.size = names.length;
    this.#counts = Object.fromEntries(
      KINDS.map((kind) => [kind, new Map(Object.entries(counts[kind]))]),
    ) as Record<TermKind, Map<string, number>>;
    this.#keys = names.map((name) => name.join(' '));
    this.#lengths = Float64Array.from(names, (name) => this.#length(name));
    names.forEach((name, row) => {
      for (const term of name) {
        const rows = this.#holders.get(term);
        if (rows === undefined) this.#holders.set(term, [row]);
        else rows.push(row);
      }
    });
  }

  /** Inverse document frequency, log((n + 1) / (holders + 0.5)); a term of all products still weighs a little. */
  rarity(kind: TermKind, term: string): number {
    const holders = this.#counts[kind].get(term) ?? 0;
    return Math.max(0.05, Math.log((this.size + 1) / (holders + 0.5)));
  }

  /** The products most like this one, itself left out, most alike first. */
  rivals(product: ProductTerms): readonly Rival[] {
    const known = this.#rivals.get(product.key);
    if (known !== undefined) return known;
    const sums = new Map<number, number>();
    for (const term of product.name) {
      const rows = this.#holders.get(term) ?? [];
      if (rows.length > Math.max(RIVALS, COMMON * this.size)) continue;
      const weight = this.rarity('name', term) ** 2;
      for (const row of rows) sums.set(row, (sums.get(row) ?? 0) + weight);
    }
    const own = this.#length(product.name);
    const rivals = [...sums]
      .map(([row, sum]) => ({ key: this.#keys[row]!, likeness: sum / (own * this.#lengths[row]!) }))
      .filter(({ key }) => key !== product.key)
      .sort((a, b) => b.likeness - a.likeness || (a.key < b.key ? -1 : 1))
      .slice(0, RIVALS);
    this.#rivals.set(product.key, rivals);
    return rivals;
  }

  #length(name: readonly string[]): number {
    return Math.max(1e-9, Math.hypot(...name.map((term) => this.rarity('name', term))));
  }
}
