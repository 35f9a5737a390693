/** What the merchant knows of products: which go together, which never do, what replaces what, what is a kind of what. */

import * as v from 'valibot';
import { BadInput, show } from '../errors.ts';
import { read } from '../read.ts';

export const RELATIONS = ['goes-with', 'never-with', 'replaces', 'is-a'] as const;
export type RelationName = (typeof RELATIONS)[number];

/** One product, or all of a category (any segment of their paths, whatever the case). */
export type Side = { sku: string } | { category: string };

/** `from` goes with, never stands beside, takes the place of, or is a kind of `to`. The first two hold both ways. */
export interface StatedRelation {
  from: Side;
  relation: RelationName;
  to: Side;
}

const sku = v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.transform(String))]);
const side = v.union([
  v.pipe(
    sku,
    v.transform((of): Side => ({ sku: of })),
  ),
  v.strictObject({ sku }),
  v.strictObject({ category: v.pipe(v.string(), v.trim(), v.nonEmpty()) }),
]);
const schema = v.object({ from: side, relation: v.picklist(RELATIONS), to: side });

/** A line of relations.jsonl: a side is a sku, `{sku}` or `{category}`. @throws BadInput naming the field */
export function readStatedRelation(raw: unknown): StatedRelation {
  const { from, relation, to } = read(schema, raw);
  if (relation === 'is-a' && !('category' in to))
    throw new BadInput({ field: 'to' }, 'a category, for is-a', show(to));
  return { from, relation, to };
}

const keyOf = (of: Side): string => ('sku' in of ? `s ${of.sku}` : `c ${of.category.toLowerCase()}`);

/** Stated relations over the rows of a catalogue. */
export class StatedRelations {
  /** Rows of each side that is named, is-a followed as far as it leads. */
  readonly #rows = new Map<string, number[]>();
  /** Sides that stand in a relation to a side, both ways where it is symmetrical. */
  readonly #to: Record<RelationName, Map<string, Set<string>>>;
  /** A row's own category, [rows]. */
  readonly #leaves: (string | undefined)[];
  /** What a row and its own category are stated to be kinds of, [rows]. */
  readonly #wider: Set<string>[];
  /** Named sides that a row belongs to, [rows]. */
  readonly #sides: string[][];
  #replacing: Map<number, Set<number>> | undefined;

  /** @param products row by row */
  constructor(
    stated: readonly StatedRelation[],
    products: readonly { sku: string; category: readonly string[] }[],
  ) {
    this.#to = Object.fromEntries(RELATIONS.map((name) => [name, new Map()])) as never;
    const named = new Set<string>();
    for (const { from, relation, to } of stated) {
      const [a, b] = [keyOf(from), keyOf(to)];
      named.add(a).add(b);
      this.#link(relation, a, b);
      if (relation === 'goes-with' || relation === 'never-with') this.#link(relation, b, a);
    }
    this.#leaves = products.map(({ category }) => category.at(-1) && keyOf({ category: category.at(-1)! }));
    this.#wider = products.map(({ sku }, row) => this.#closure([keyOf({ sku }), this.#leaves[row] ?? '']));
    this.#sides = products.map(({ sku, category }) => {
      const own = [keyOf({ sku }), ...category.map((segment) => keyOf({ category: segment }))];
      return [...this.#closure(own)].filter((key) => named.has(key));
    });
    this.#sides.forEach((sides, row) => {
      for (const key of sides) {
        const held = this.#rows.get(key);
        if (held === undefined) this.#rows.set(key, [row]);
        else held.push(row);
      }
    });
  }

  /** Rows that `row` goes with, or never with; or what it replaces. Not `row` itself. */
  related(relation: Exclude<RelationName, 'is-a'>, row: number): Set<number> {
    const found = new Set<number>();
    for (const side of this.#sides[row]!)
      for (const other of this.#to[relation].get(side) ?? [])
        for (const at of this.#rows.get(other) ?? []) if (at !== row) found.add(at);
    return found;
  }

  /** Rows that take the place of others, with those: few of a large catalogue, so that answers need not ask each row. */
  get replacing(): ReadonlyMap<number, ReadonlySet<number>> {
    this.#replacing ??= new Map(
      this.#sides.flatMap((_, row) => {
        const older = this.related('replaces', row);
        return older.size === 0 ? [] : [[row, older] as const];
      }),
    );
    return this.#replacing;
  }

  /** Whether `row` is stated to be a kind of the category that `other` stands in: each may take the other's place. */
  isKindOf(row: number, other: number): boolean {
    const leaf = this.#leaves[other];
    return leaf !== undefined && leaf !== this.#leaves[row] && this.#wider[row]!.has(leaf);
  }

  #link(relation: RelationName, from: string, to: string): void {
    this.#to[relation].set(from, (this.#to[relation].get(from) ?? new Set()).add(to));
  }

  /** These sides and all that they are kinds of; a merchant's cycle ends where it comes back. */
  #closure(own: readonly string[]): Set<string> {
    const is = new Set(own);
    // A set that grows is walked to its end.
    for (const key of is) for (const wider of this.#to['is-a'].get(key) ?? []) is.add(wider);
    return is;
  }
}
