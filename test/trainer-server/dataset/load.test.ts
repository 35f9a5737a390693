import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';

async function folder(files: Record<string, string | Buffer>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'data-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return dir;
}

const lines = (...rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe('loading a data folder', () => {
  it('loads an empty folder as an empty data set', async () => {
    const data = await loadDataset(await folder({}));
    expect([data.products, data.events, data.decisions]).toEqual([[], [], []]);
    expect(data.promotions.map((promotion) => promotion.id)).toEqual(['none']);
  });

  it('says that categories are no tree, and which products have no text', async () => {
    const dir = await folder({
      'products.jsonl': lines(
        { sku: 'a', title: 'red mug', category: 'Home > Mugs' },
        { sku: 'b', category: 'Mugs > Home' },
      ),
    });
    const { notes, products } = await loadDataset(dir);
    expect(notes.join()).toMatch(/no tree, Home > Mugs > Home.*1 of 2 products have no text/);
    expect(products[1]!.category).toEqual(['Mugs', 'Home']);
  });

  it('takes the currency that prices name where shop.json names none, and says so', async () => {
    const products = lines(
      { sku: 'a', price: 3 },
      { sku: 'b', price: '12,50 EUR' },
      { sku: 'c', price: '1,299' },
    );
    const dataset = await loadDataset(await folder({ 'products.jsonl': products }));
    expect(dataset.shop.currency).toBe('EUR');
    expect(dataset.products.map(({ price }) => price)).toEqual([300, 1250]);
    expect(dataset.notes).toContain('shop.json names no currency: EUR by its prices');
    expect(dataset.rejected).toEqual([
      expect.stringMatching(/^products.jsonl, line 3, price: expected one amount/),
    ]);
  });

  it('joins histories from the events of the same visitor, strictly before the decision', async () => {
    const dir = await folder({
      'events.jsonl': lines(
        { visitor: 'b', ts: 50, name: 'view_item', sku: 'x' },
        { visitor: 'a', ts: 20, name: 'view_item', sku: 'late' },
        { visitor: 'a', ts: 10, name: 'view_item', sku: 'early' },
        { visitor: 'a', ts: 30, name: 'purchase', sku: 'outcome' },
      ),
      'decisions.jsonl': lines(
        { id: 1, ts: 30, visitor: 'a', eligible: ['none'], action: 'none' },
        { id: 2, ts: 5, visitor: 'a', eligible: ['none'], action: 'none', history: [] },
      ),
    });
    const { decisions } = await loadDataset(dir);
    expect(decisions.map((decision) => decision.id)).toEqual(['2', '1']);
    expect(decisions[1]?.history.map((event) => event.sku)).toEqual(['early', 'late']);
    expect(decisions[0]?.history).toEqual([]);
  });

  it('reads times in seconds where every one of a file would lie in 1970 to 1973, and says so', async () => {
    const view = (ts: number) => ({ visitor: 'a', ts, name: 'view_item', sku: 'x' });
    const times = async (...given: number[]) => {
      const { events, notes } = await loadDataset(
        await folder({ 'events.jsonl': lines(...given.map(view)) }),
      );
      return {
        times: events.map(({ ts }) => ts),
        told: notes.some((note) => note.includes('read as seconds')),
      };
    };
    expect(await times(1_700_000_060, 1_700_000_000)).toEqual({
      times: [1_700_000_000_000, 1_700_000_060_000],
      told: true,
    });
    // An order, and milliseconds with one broken clock among them, stay what they are.
    expect(await times(3, 1_700_000_000)).toEqual({ times: [3, 1_700_000_000], told: false });
    expect(await times(1_700_000_000, 1_700_000_000_000)).toMatchObject({ told: false });
  });

  it('tells how much of the files it has read', async () => {
    const row = JSON.stringify({ visitor: 'a', name: 'view_item', sku: 'x' });
    const dir = await folder({
      'events.jsonl': `${row}\n`.repeat(20_000),
      'products.jsonl': '{"sku":"x"}\n',
    });
    const shares: number[] = [];
    await loadDataset(dir, undefined, (share) => shares.push(share));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 6);
    expect(new Set(shares).size).toBeGreaterThan(3);
  });

  it('keeps visitors in the order in which they appear: it tells old from new where there are no times', async () => {
    const view = (visitor: string, sku: string) => ({ visitor, name: 'view_item', sku });
    const dir = await folder({ 'events.jsonl': lines(view('z', '1'), view('a', '2'), view('z', '3')) });
    expect((await loadDataset(dir)).events.map(({ sku }) => sku)).toEqual(['1', '3', '2']);
  });

  it('keeps good rows, says where the bad ones are, and reads gzip by content', async () => {
    const dir = await folder({
      'products.jsonl.gz': gzipSync(
        `\uFEFF${lines({ sku: 'a', title: 'A' })}\n\nnot json\n${lines({ title: 'no sku' })}`,
      ),
    });
    const data = await loadDataset(dir);
    expect(data.products.map((product) => product.sku)).toEqual(['a']);
    expect(data.rejected).toEqual([
      'products.jsonl.gz, line 3: expected one JSON value, found "not json"',
      'products.jsonl.gz, line 4, sku: expected a value, found nothing',
    ]);
  });

  it('keeps one of the decisions that repeat another word for word, and says which ids two differing ones share', async () => {
    const row = { id: 'd1', visitor: 'v', eligible: ['none'], action: 'none', reward: 1 };
    const other = { ...row, reward: 2 };
    const { decisions, notes } = await loadDataset(
      await folder({ 'decisions.jsonl': lines(row, { ...row, id: 'd2' }, row, other, row) }),
    );
    expect(decisions.map(({ id, reward }) => [id, reward])).toEqual([
      ['d1', 1],
      ['d2', 1],
      ['d1', 2],
    ]);
    expect(notes.join()).toContain('2 decisions repeat another one word for word');
    expect(notes.join()).toContain('1 decisions repeat the id of another one and differ');
  });

  it('names the file that is cut, binary or a folder', async () => {
    const rows = lines(
      ...Array.from({ length: 50 }, (_, i) => ({ visitor: `v${i}`, name: 'view_item', sku: 'x' })),
    );
    const packed = gzipSync(rows);
    const cut = await folder({ 'events.jsonl.gz': packed.subarray(0, packed.length - 20) });
    await expect(loadDataset(cut)).rejects.toThrow(/events\.jsonl\.gz, line \d+: expected a whole gzip file/);
    const binary = await folder({ 'decisions.jsonl': Buffer.from([0, 1, 2]) });
    await expect(loadDataset(binary)).rejects.toThrow(/decisions\.jsonl, line 1: expected text in UTF-8/);
    const inside = await folder({});
    await mkdir(join(inside, 'products.jsonl'));
    await expect(loadDataset(inside)).rejects.toThrow(/products\.jsonl: expected a file .*, found a folder/);
  });

  it('refuses a file in which every row is bad, and a broken document', async () => {
    await expect(loadDataset(await folder({ 'events.jsonl': 'x\ny\n' }))).rejects.toThrow(
      /at least one good row.*2 bad/,
    );
    await expect(loadDataset(await folder({ 'shop.json': '{' }))).rejects.toThrow(/shop.json: expected JSON/);
    await expect(loadDataset('/nowhere/at/all')).rejects.toThrow(/a data folder, found nothing there/);
  });

  it('infers what shop.json leaves out and says so', async () => {
    const decision = { visitor: 'v', eligible: ['none', 'p'], action: 'p' };
    const data = await loadDataset(
      await folder({
        'decisions.jsonl': lines(
          { ...decision, id: 1, slot: 'home', attributes: { age: 3, member: true, zip: '0123' } },
          { ...decision, id: 2, attributes: { age: 4, zip: 5 } },
        ),
      }),
    );
    expect(data.shop.attributes).toEqual({ age: 'number', member: 'boolean', zip: 'category' });
    expect(data.shop.slots).toEqual(['home']);
    expect(data.promotions.map((promotion) => promotion.id)).toEqual(['none', 'p']);
    expect(data.notes.join()).toMatch(/promotions without terms.*p/);
  });
});
