import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, importHere, temporaryFolder } from '../../helpers/import-here.ts';

const lines = (...rows: unknown[]): string => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
const view = (visitor: string, ts: number | string, sku: string) => ({ visitor, ts, name: 'view_item', sku });
const T = Date.UTC(2025, 4, 1, 12);

describe('import jsonl', () => {
  it('routes each file by its name and each row of another file by its shape', async () => {
    const product = { sku: 'A', title: 'Mug', price: 3.5 };
    const decision = {
      id: 'd1',
      ts: T,
      visitor: 'v',
      eligible: ['none', 'p'],
      action: 'p',
      propensity: 0.5,
      reward: 1,
    };
    const promotion = { id: 'p', type: 'percentage', percent: 10 };
    const { rows, dir, report } = await importHere('jsonl', {
      'mixed.jsonl': lines(product, view('v', T, 'A'), decision, { query: 'mug', sku: 'A', grade: 3 }),
      'promotions.json': JSON.stringify([promotion]),
      'shop.json': JSON.stringify({ currency: 'JPY', locale: 'ja' }),
      'pairs.jsonl': lines({ a: { title: 'x' }, b: { title: 'y' }, label: 0 }),
    });
    expect(rows('products.jsonl')).toEqual([product]);
    expect(rows('decisions.jsonl')).toEqual([decision]);
    expect(rows('judgements.jsonl')).toEqual([{ query: 'mug', sku: 'A', grade: 3 }]);
    expect(rows('pairs.jsonl')).toHaveLength(1);
    expect(rows('events.jsonl')).toEqual([
      { visitor: 'v', session: `v:${T}`, ts: '2025-05-01T12:00:00.000Z', name: 'view_item', sku: 'A' },
    ]);
    expect(JSON.parse(readFileSync(join(dir, 'promotions.json'), 'utf8'))).toEqual([promotion]);
    expect(JSON.parse(readFileSync(join(dir, 'shop.json'), 'utf8'))).toEqual({
      currency: 'JPY',
      locale: 'ja',
    });
    expect(balances(report)).toBe(true);
  });

  it('adds to what the folder holds and replaces a product of the same sku', async () => {
    const first = await importHere('jsonl', {
      'products.jsonl': lines({ sku: 'A', title: 'Mug', price: 1 }, { sku: 'B', title: 'Cup' }),
      'events.jsonl': lines(view('v', T, 'A')),
    });
    const { rows } = await importHere(
      'jsonl',
      {
        'products.jsonl': lines({ sku: 'A', title: 'Mug', price: 2 }),
        'events.jsonl': lines(view('v', T + 1e5, 'B')),
      },
      first.dir,
    );
    expect(rows('products.jsonl')).toEqual([
      { sku: 'B', title: 'Cup' },
      { sku: 'A', title: 'Mug', price: 2 },
    ]);
    // 100 s later: the same session, whose name the folder already knows.
    expect(rows('events.jsonl').map((event) => [event.sku, event.session])).toEqual([
      ['A', `v:${T}`],
      ['B', `v:${T}`],
    ]);
  });

  it('keeps events of unknown products and reports them', async () => {
    const { rows, report } = await importHere('jsonl', {
      'products.jsonl': lines({ sku: 'A', title: 'Mug' }),
      'events.jsonl': lines(view('v', T, 'A'), view('v', T + 1e3, 'Z'), view('w', T, 'Z')),
    });
    expect(rows('events.jsonl')).toHaveLength(3);
    expect(report.unknownProducts).toEqual({ skus: 1, events: 2, examples: ['Z'] });
  });

  it('rejects bad rows with their place and keeps the good ones', async () => {
    const { rows, rejects } = await importHere('jsonl', {
      'events.jsonl': [
        JSON.stringify(view('v', T, 'A')),
        '{"visitor":"v","name":"view_item"',
        JSON.stringify({ visitor: 'v', ts: T, name: 'teleport' }),
        JSON.stringify(view('v', 'yesterday', 'A')),
        JSON.stringify({ visitor: 'v', ts: T, name: 'purchase', value: -5 }),
        JSON.stringify(view('v', Date.UTC(2077, 1), 'A')),
        '',
      ].join('\n'),
    });
    expect(rows('events.jsonl')).toHaveLength(1);
    expect(rejects.map(({ line, field }) => [line, field])).toEqual([
      [2, undefined],
      [3, 'name'],
      [4, 'ts'],
      [5, 'value'],
      [6, 'ts'],
    ]);
    expect(rejects[1].expected).toContain('view_item');
    expect(rejects[1].found).toBe('"teleport"');
  });

  it('refuses a promotion with a negative value, naming entry and field', async () => {
    const promotions = [
      { id: 'a', type: 'percentage', percent: 5 },
      { id: 'b', type: 'percentage', percent: -5 },
    ];
    const { rejects } = await importHere('jsonl', { 'promotions.json': JSON.stringify(promotions) });
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toMatchObject({ field: '[1].percent', found: '-5' });
  });

  it('leaves a folder it cannot read as it was', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'events.jsonl'), 'not json\n');
    await expect(
      importHere('jsonl', { 'products.jsonl': lines({ sku: 'A', title: '' }) }, dir),
    ).rejects.toThrow(/events\.jsonl, line 1: expected one JSON value, found "not json"/);
    expect(readFileSync(join(dir, 'events.jsonl'), 'utf8')).toBe('not json\n');
  });

  it('refuses amounts of another currency than the folder has', async () => {
    const first = await importHere('jsonl', {
      'shop.json': '{"currency":"EUR"}',
      'products.jsonl': lines({ sku: 'A' }),
    });
    await expect(
      importHere('jsonl', { 'shop.json': '{"currency":"USD"}' }, first.dir),
    ).resolves.toMatchObject({
      rejects: [{ field: 'currency', expected: 'EUR, as in the data folder', found: 'USD' }],
    });
    await expect(importHere('online-retail', { 'a.csv': 'x' }, first.dir)).rejects.toThrow(/expected EUR/);
  });

  it('keeps prices that are text as they were written, and the currency that they name', async () => {
    const product = { sku: 'A', title: 'Mug', price: '12,50 EUR', attributes: { size: { eu: 42 } } };
    const { rows, dir, report } = await importHere('jsonl', {
      'products.jsonl': lines(product, { sku: 'B', price: '$3.99' }),
    });
    expect(rows('products.jsonl')).toEqual([product]);
    expect(JSON.parse(readFileSync(join(dir, 'shop.json'), 'utf8'))).toEqual({ currency: 'EUR' });
    expect(report.rejected).toBe(1);
  });

  it('takes an empty array for what it says, and an empty file for a mistake', async () => {
    const files = { 'promotions.json': '[]', 'products.jsonl': lines({ sku: 'A' }) };
    expect((await importHere('jsonl', files)).rows('products.jsonl')).toHaveLength(1);
    await expect(importHere('jsonl', { 'products.jsonl': '\n \n' })).rejects.toThrow(/at least one row/);
    await expect(importHere('jsonl', { 'promotions.json': ' ' })).rejects.toThrow(/found an empty file/);
  });

  it('keeps order-only events in their order, repeats included', async () => {
    const { rows } = await importHere('jsonl', {
      'events.jsonl': lines(
        { visitor: 1, name: 'view_item', sku: 7 },
        { visitor: 1, name: 'view_item', sku: 7 },
        { visitor: 2, name: 'view_item', sku: 3 },
      ),
    });
    expect(rows('events.jsonl')).toEqual([
      { visitor: '1', session: '1', name: 'view_item', sku: 7 },
      { visitor: '1', session: '1', name: 'view_item', sku: 7 },
      { visitor: '2', session: '2', name: 'view_item', sku: 3 },
    ]);
  });

  it('reads a log in seconds as one in seconds, and says so', async () => {
    const visit = [0, 60, 4000].map((later) => view('v', T / 1000 + later, 'A'));
    const { rows, report } = await importHere('jsonl', { 'events.jsonl': lines(...visit) });
    expect(rows('events.jsonl').map(({ ts }) => ts)).toEqual([
      '2025-05-01T12:00:00.000Z',
      '2025-05-01T12:01:00.000Z',
      '2025-05-01T13:06:40.000Z',
    ]);
    expect(new Set(rows('events.jsonl').map(({ session }) => session)).size).toBe(2);
    expect(report.notes.join()).toMatch(/read as seconds/);
  });

  it('does not cut a line at U+2028, which JSON allows inside text', async () => {
    const { rows } = await importHere('jsonl', { 'products.jsonl': '{"sku":"A","title":"x\u2028y"}\n' });
    expect(rows('products.jsonl')[0].title).toBe('x\u2028y');
  });

  it('accounts for every row, whatever is in the file', async () => {
    const row = fc.oneof(
      fc.record({
        visitor: fc.constantFrom('v', 'w'),
        ts: fc.constantFrom(T, T + 200, T + 4e6),
        name: fc.constant('view_item'),
        sku: fc.constantFrom('A', 'B'),
      }),
      fc.record({ sku: fc.constantFrom('A', 'B'), title: fc.string() }),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 15 }), async (rows) => {
        const { report, rejects } = await importHere('jsonl', { 'any.jsonl': lines(...rows) });
        expect(balances(report)).toBe(true);
        expect(report.stages[0]!.in).toBe(rows.length);
        expect(rejects).toHaveLength(report.rejected);
      }),
      { numRuns: 10 },
    );
  });
});
