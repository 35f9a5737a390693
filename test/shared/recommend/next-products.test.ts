import { describe, expect, it } from 'vitest';
import { type NextRequest, nextProducts } from '../../../shared/recommend/next-products.ts';
import { readStatedRelation, StatedRelations } from '../../../shared/recommend/stated-relations.ts';

const SKUS = ['kettle', 'kettle2', 'cup', 'cup2', 'tea', 'honey', 'mat'];
const KINDS = [0, 0, 1, 1, 2, 3, undefined];
const [KETTLE, KETTLE2, CUP, CUP2, TEA, HONEY, MAT] = SKUS.keys() as unknown as number[];

const tables = (lines: [string, string, string][] = []) => ({
  stated: new StatedRelations(
    lines.map(([from, relation, to]) => readStatedRelation({ from, relation, to })),
    SKUS.map((sku) => ({ sku, category: [] })),
  ),
  kindOf: (row: number) => KINDS[row],
});
/** The likelier the earlier, a little; what is in the cart is not asked for again. */
const asked = (change: Partial<NextRequest> = {}): NextRequest => ({
  cart: [],
  seen: undefined,
  likely: Float32Array.of(0.2, 0.195, 0.15, 0.1, 0.09, 0.08, 0.07),
  k: 10,
  ...change,
});
const rowsOf = (lines: [string, string, string][], change?: Partial<NextRequest>): number[] =>
  nextProducts(tables(lines), asked(change)).map(({ row }) => row);

describe('nextProducts', () => {
  it('is the ranking itself where the merchant states nothing and no kind comes twice', () => {
    const found = nextProducts({ stated: undefined, kindOf: () => undefined }, asked({ k: 3 }));
    expect(found.map(({ row }) => row)).toEqual([KETTLE, KETTLE2, CUP]);
    expect(found.map(({ score }) => score)).toEqual([0.2, 0.195, 0.15].map(Math.fround));
    expect(found[0]!.reasons).toEqual([{ code: 'likely' }]);
  });

  it('keeps what must not stand beside the cart or what is looked at away', () => {
    const lines: [string, string, string][] = [
      ['cup', 'never-with', 'kettle'],
      ['tea', 'never-with', 'mat'],
    ];
    expect(rowsOf(lines, { cart: [CUP!] })).not.toContain(KETTLE);
    expect(rowsOf(lines, { seen: MAT! })).not.toContain(TEA);
    expect(rowsOf(lines)).toContain(KETTLE);
  });

  it('shows the newer product in the place of the one that it replaces, however unlikely, while it can be had', () => {
    const lines: [string, string, string][] = [['mat', 'replaces', 'kettle']];
    const [first, ...rest] = nextProducts(tables(lines), asked());
    expect(first).toMatchObject({ row: MAT, score: Math.fround(0.2) });
    expect(first!.reasons).toContainEqual({ code: 'replaces', replaced: KETTLE });
    expect(rest.map(({ row }) => row)).not.toContain(KETTLE);
    const likely = Float32Array.from(asked().likely, (score, row) => (row === MAT ? -1 : score));
    expect(rowsOf(lines, { likely })[0]).toBe(KETTLE);
  });

  it('finds the newer product where only the older one is among the likeliest', () => {
    const likely = new Float32Array(SKUS.length).fill(0.01);
    likely[KETTLE!] = 0.5;
    expect(rowsOf([['mat', 'replaces', 'kettle']], { likely, k: 1 })).toEqual([MAT]);
  });

  it('offers neither what the cart replaces nor what replaces it', () => {
    const lines: [string, string, string][] = [
      ['kettle2', 'replaces', 'kettle'],
      ['cup', 'replaces', 'cup2'],
    ];
    const rows = rowsOf(lines, { cart: [KETTLE!, CUP!] });
    expect(rows).not.toContain(KETTLE2);
    expect(rows).not.toContain(CUP2);
  });

  it('puts what is stated to go with the cart first, and says so', () => {
    const [first] = nextProducts(tables([['honey', 'goes-with', 'tea']]), asked({ cart: [TEA!] }));
    expect(first).toMatchObject({ row: HONEY, reasons: [{ code: 'goes-with', beside: TEA }] });
  });

  it('lets another kind go before the second of one where both are about as likely', () => {
    // 0.195 x 0.9 = 0.1755 for the second kettle.
    const likely = Float32Array.of(0.2, 0.195, 0.18, 0.1, 0.09, 0.08, 0.07);
    expect(rowsOf([], { likely, k: 3 })).toEqual([KETTLE, CUP, KETTLE2]);
  });
});
