import { describe, expect, it } from 'vitest';
import { type CrossRequest, type CrossTables, complementsOf } from '../../../shared/recommend/complements.ts';
import { readStatedRelation, StatedRelations } from '../../../shared/recommend/stated-relations.ts';

/** Kinds: two kettles, two cups, tea, honey, mat (of no known kind). */
const SKUS = ['kettle', 'kettle2', 'cup', 'cup2', 'tea', 'honey', 'mat'];
const KINDS = [0, 0, 1, 1, 2, 3, undefined];
const [KETTLE, KETTLE2, CUP, CUP2, TEA, HONEY, MAT] = SKUS.keys() as unknown as number[];

/** Neighbours of each row, the strongest first; shares 255, 128. */
const bought = (of: Record<number, number[]>): CrossTables['complements'] => ({
  width: 3,
  index: Int32Array.from(SKUS.flatMap((_, row) => [0, 1, 2].map((i) => of[row]?.[i] ?? -1))),
  weight: Uint8Array.from(
    SKUS.flatMap((_, row) => [0, 1, 2].map((i) => (of[row]?.[i] === undefined ? 0 : 255 >> i))),
  ),
  trust: new Uint8Array(SKUS.length).fill(255),
});

const tables = (lines: [string, string, string][] = [], of: Record<number, number[]> = {}): CrossTables => ({
  rows: SKUS.length,
  complements: bought(of),
  stated: new StatedRelations(
    lines.map(([from, relation, to]) => readStatedRelation({ from, relation, to })),
    SKUS.map((sku) => ({ sku, category: [] })),
  ),
  kindOf: (row) => KINDS[row],
});

const asked = (change: Partial<CrossRequest> = {}): CrossRequest => ({
  cart: [KETTLE!],
  unwanted: new Set(),
  likely: new Float32Array(SKUS.length).fill(0.1),
  k: 10,
  ...change,
});
const rowsOf = (of: CrossTables, request: CrossRequest): number[] =>
  complementsOf(of, request).map(({ row }) => row);

describe('complementsOf', () => {
  it('gives what is bought beside the cart, never the cart nor another of its kind', () => {
    // The second kettle is bought beside the first most often, and still completes nothing.
    const rows = rowsOf(tables([], { [KETTLE!]: [KETTLE2!, TEA!, CUP!] }), asked());
    expect(rows.slice(0, 2)).toEqual([TEA, CUP]);
    expect(rows).not.toContain(KETTLE);
    expect(rows).not.toContain(KETTLE2);
  });

  it('asks the whole cart: what goes with both of it leads what goes with one', () => {
    const of = tables([], { [KETTLE!]: [TEA!, HONEY!], [CUP!]: [HONEY!] });
    expect(rowsOf(of, asked({ cart: [KETTLE!] }))[0]).toBe(TEA);
    expect(rowsOf(of, asked({ cart: [KETTLE!, CUP!] }))[0]).toBe(HONEY);
  });

  it('puts what the merchant states first, even of the same kind, and says so', () => {
    const [first] = complementsOf(
      tables([['kettle', 'goes-with', 'kettle2']], { [KETTLE!]: [TEA!] }),
      asked(),
    );
    expect(first).toMatchObject({ row: KETTLE2, reasons: [{ code: 'goes-with', beside: KETTLE }] });
  });

  it('never shows what must never stand beside the cart, however often it was bought with it', () => {
    const of = tables(
      [
        ['tea', 'never-with', 'kettle'],
        ['kettle', 'goes-with', 'tea'],
      ],
      { [KETTLE!]: [TEA!] },
    );
    expect(rowsOf(of, asked())).not.toContain(TEA);
    expect(rowsOf(of, asked({ cart: [TEA!] }))).not.toContain(KETTLE);
  });

  it('shows what replaces a product in its place, where that can be had', () => {
    const of = tables([['mat', 'replaces', 'tea']], { [KETTLE!]: [TEA!, HONEY!] });
    const [first] = complementsOf(of, asked());
    expect(first).toMatchObject({
      row: MAT,
      reasons: [{ code: 'likely' }, { code: 'replaces', replaced: TEA }],
    });
    expect(rowsOf(of, asked())).not.toContain(TEA);
    expect(rowsOf(of, asked({ unwanted: new Set([MAT!]) }))[0]).toBe(TEA);
    // Beside the product itself neither the newer nor the older one completes anything.
    expect(rowsOf(of, asked({ cart: [TEA!] }))).not.toContain(MAT);
    expect(rowsOf(of, asked({ cart: [MAT!] }))).not.toContain(TEA);
  });

  it('keeps both where each is said to replace the other', () => {
    const of = tables([
      ['tea', 'replaces', 'honey'],
      ['honey', 'replaces', 'tea'],
    ]);
    expect(rowsOf(of, asked())).toEqual(expect.arrayContaining([TEA, HONEY]));
  });

  it('leaves out what was bought and what cannot be had', () => {
    const likely = new Float32Array(SKUS.length).fill(0.1);
    likely[HONEY!] = -1;
    const rows = rowsOf(
      tables([], { [KETTLE!]: [TEA!, HONEY!, CUP!] }),
      asked({ likely, unwanted: new Set([TEA!]) }),
    );
    expect(rows[0]).toBe(CUP);
    expect(rows).not.toContain(TEA);
    expect(rows).not.toContain(HONEY);
  });

  it('does not fill the list with one kind', () => {
    // Alike in evidence but for the order: without a limit both cups would lead.
    const rows = rowsOf(tables([], { [KETTLE!]: [CUP!, CUP2!, TEA!] }), asked());
    expect(rows.indexOf(TEA!)).toBeLessThan(rows.indexOf(CUP2!));
  });

  it('falls back on what the shopper is likely to take, of another kind, and says so', () => {
    const likely = Float32Array.of(0, 0.9, 0.1, 0.1, 0.1, 0.5, 0.1);
    const [first] = complementsOf(tables(), asked({ likely }));
    expect(first).toMatchObject({ row: HONEY, reasons: [{ code: 'likely' }] });
  });
});
