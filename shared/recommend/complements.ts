/**
 * What goes with a product or a whole cart: complements, not substitutes. What the merchant states comes first and is
 * kept exactly; then what was bought together; then what the shopper is likely to take anyway, of another kind.
 */

import type { Relation } from './relation.ts';
import type { StatedRelations } from './stated-relations.ts';

export interface CrossTables {
  rows: number;
  /** Bought together, substitutes left out. */
  complements?: Relation | undefined;
  stated?: StatedRelations | undefined;
  /** Products of one kind stand for each other; undefined where nothing tells. */
  kindOf(row: number): number | undefined;
}

export interface CrossRequest {
  /** Rows. */
  cart: readonly number[];
  /** Rows that are not asked for: bought already, or not to be had. */
  unwanted: ReadonlySet<number>;
  /** The blend's score of every product for this shopper, [rows]; below zero must not be recommended. */
  likely: Float32Array;
  k: number;
}

export type CrossReason =
  | { code: 'goes-with' | 'bought-together'; beside: number }
  | { code: 'replaces'; replaced: number }
  | { code: 'likely' };

export interface CrossItem {
  row: number;
  score: number;
  reasons: CrossReason[];
}

/** Beside evidence of 1 (always bought together): the likeliest product of another kind. */
const LIKELY = 0.05;
/** A statement outweighs every count. */
export const STATED = 2;
/** Beside a cart: what a second product of a kind is worth, a third that much again. Carbonell and Goldstein 1998, with kinds. */
const SAME_KIND = 0.4;

/** The k best, best first. */
export function complementsOf(tables: CrossTables, request: CrossRequest): CrossItem[] {
  const { cart, likely, unwanted } = request;
  const never = forbidden(tables, cart);
  const stated = firstOf(cart, (row) => tables.stated?.related('goes-with', row));
  const allowed = (row: number): boolean => likely[row]! >= 0 && !unwanted.has(row) && !never.has(row);
  const bought = boughtTogether(tables, cart);
  const most = likely.reduce((a, b) => Math.max(a, b), 0) || 1;
  const found = new Map<number, CrossItem>();
  for (let row = 0; row < tables.rows; row++) {
    if (!allowed(row)) continue;
    const beside = stated.get(row);
    if (beside === undefined && cart.some((held) => alike(tables, held, row))) continue;
    const evidence = bought.share[row]!;
    const reasons: CrossReason[] = [
      ...(beside === undefined ? [] : [{ code: 'goes-with' as const, beside }]),
      ...(evidence > 0 ? [{ code: 'bought-together' as const, beside: bought.beside[row]! }] : []),
    ];
    const score = (beside === undefined ? 0 : STATED) + evidence + (LIKELY * likely[row]!) / most;
    found.set(row, { row, score, reasons: reasons.length > 0 ? reasons : [{ code: 'likely' }] });
  }
  return diverse(replaced(tables, found), tables, request.k, SAME_KIND);
}

/** The cart itself, what the merchant never wants beside it, and what replaces or is replaced by what it holds. */
export function forbidden({ stated }: Pick<CrossTables, 'stated'>, cart: readonly number[]): Set<number> {
  const never = new Set(cart);
  if (stated === undefined) return never;
  for (const row of cart) {
    for (const other of stated.related('never-with', row)) never.add(other);
    for (const other of stated.related('replaces', row)) never.add(other);
  }
  const held = new Set(cart);
  for (const [row, replaced] of stated.replacing)
    for (const older of replaced) if (held.has(older)) never.add(row);
  return never;
}

/** Rows that stand in a relation to the cart, with the first of it that they stand in it to. */
function firstOf(
  cart: readonly number[],
  relatedTo: (row: number) => ReadonlySet<number> | undefined,
): Map<number, number> {
  const found = new Map<number, number>();
  for (const row of cart)
    for (const other of relatedTo(row) ?? []) if (!found.has(other)) found.set(other, row);
  return found;
}

/** The mean over the cart of what was bought with each, and the product of the cart that speaks for it most. */
function boughtTogether(
  { rows, complements }: CrossTables,
  cart: readonly number[],
): { share: Float32Array; beside: Int32Array } {
  const share = new Float32Array(rows);
  const beside = new Int32Array(rows).fill(-1);
  const best = new Float32Array(rows);
  if (complements === undefined) return { share, beside };
  const { width, index, weight, trust } = complements;
  for (const row of cart) {
    const from = row * width;
    const total = weight.subarray(from, from + width).reduce((a, b) => a + b, 0);
    for (let at = from; at < from + width && index[at]! >= 0; at++) {
      const part = (weight[at]! * trust[row]!) / (255 * total * cart.length);
      const other = index[at]!;
      share[other]! += part;
      if (part > best[other]!) {
        best[other] = part;
        beside[other] = row;
      }
    }
  }
  return { share, beside };
}

/** Where what replaces a product may be shown, it takes the product's place, and what spoke for it. */
export function replaced(
  { stated }: Pick<CrossTables, 'stated'>,
  found: ReadonlyMap<number, CrossItem>,
): CrossItem[] {
  if (stated === undefined) return [...found.values()];
  const gone = new Set<number>();
  for (const [row, others] of stated.replacing) {
    const item = found.get(row);
    if (item === undefined) continue;
    for (const older of others) {
      const before = found.get(older);
      if (before === undefined || stated.replacing.get(older)?.has(row)) continue;
      gone.add(older);
      if (before.score > item.score) item.score = before.score;
      item.reasons = [...item.reasons, { code: 'replaces', replaced: older }];
    }
  }
  return [...found.values()].filter(({ row }) => !gone.has(row));
}

/** The k best first, each further product of a kind worth less; what the merchant states keeps its place. */
export function diverse(
  items: readonly CrossItem[],
  { kindOf }: Pick<CrossTables, 'kindOf'>,
  k: number,
  sameKind: number,
): CrossItem[] {
  const sorted = items.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, 10 * k + 50);
  const taken = new Map<number, number>();
  const out: CrossItem[] = [];
  const worth = ({ row, score }: CrossItem): number =>
    score >= STATED ? score : score * sameKind ** (taken.get(kindOf(row) ?? -1) ?? 0);
  while (out.length < k && sorted.length > 0) {
    const at = sorted.reduce((best, item, i) => (worth(item) > worth(sorted[best]!) ? i : best), 0);
    const [item] = sorted.splice(at, 1);
    const kind = kindOf(item!.row);
    if (kind !== undefined) taken.set(kind, (taken.get(kind) ?? 0) + 1);
    out.push(item!);
  }
  return out;
}

/** Whether two products stand for each other: of one category, or one a kind of the other's. */
function alike({ kindOf, stated }: CrossTables, a: number, b: number): boolean {
  const kind = kindOf(a);
  if (kind !== undefined && kind === kindOf(b)) return true;
  return stated !== undefined && (stated.isKindOf(a, b) || stated.isKindOf(b, a));
}
