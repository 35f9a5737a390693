/** The whole way round on data that is not the demo shop's, through the built command line alone. */

import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { promoEdge, promoEdgeJson } from '../helpers/cli.ts';

interface DecisionLine {
  id?: string;
  action: string;
  propensity: number;
  values: Record<string, number>;
  items?: string[];
  reasons: unknown[];
  ms: number;
}

let root = '';
const at = (name: string): string => join(root, name);

/** A small tea house: two families of goods, with Chinese titles among them. */
const PRODUCTS = Array.from({ length: 40 }, (_, i) => ({
  sku: `p${i}`,
  title: i % 2 === 0 ? `Green tea no ${i}` : i % 3 === 0 ? `陶瓷茶杯 ${i} 号` : `Stoneware cup ${i}`,
  category: i % 2 === 0 ? 'Tea > Green' : 'Ware > Cups',
  price: 4 + i,
  cost: 2 + i / 2,
}));

const PROMOTIONS = [
  { id: 'ten', type: 'percentage', percent: 10 },
  { id: 'tea15', type: 'percentage', percent: 15, scope: { category: 'tea' } },
  { id: 'ship', type: 'free_shipping', minimum: 20, cost_per_use: 4 },
  { id: 'hello', type: 'message' },
];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'loop-'));
  await writeFile(at('products.jsonl'), PRODUCTS.map((product) => JSON.stringify(product)).join('\n'));
  await writeFile(at('promotions.json'), JSON.stringify(PROMOTIONS));
  await writeFile(
    at('shop.json'),
    JSON.stringify({ currency: 'EUR', locale: 'en', slots: ['home', 'cart'] }),
  );
});

describe('serve', () => {
  it('ends where another program has the port, and says so', async () => {
    const other = createServer();
    await new Promise<void>((up) => other.listen(0, '127.0.0.1', up));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await promoEdge(['serve', '--db', at('db'), '--port', `${port}`]);
    other.close();
    expect(code).toBe(2);
    expect(err).toContain(`--port: expected a free port, found ${port}, one that another program uses`);
  });
});

describe('the command line, all the way round', () => {
  it('imports, simulates, trains and judges a release', async () => {
    expect(
      (await promoEdge(['simulate', '--data', root, '--out', at('log'), '--sessions', '1500', '--seed', '3']))
        .code,
    ).toBe(0);
    const { code, err } = await promoEdge([
      'train',
      '--data',
      at('log'),
      '--out',
      at('bundle'),
      '--budget-seconds',
      '60',
      '--seed',
      '1',
    ]);
    expect(err).toMatch(/session|policy/);
    expect(code).toBe(0);
    const manifest = JSON.parse(await readFile(at('bundle/manifest.json'), 'utf8'));
    expect(manifest.parts).toEqual(
      expect.arrayContaining(['text', 'items', 'session', 'recommend', 'search', 'policy']),
    );
    expect(manifest.verdict.against).toBe('none');
    // What the shop must not tell its shoppers never enters a published file.
    const published = await Promise.all(
      manifest.files.map(async (file: { path: string }) => readFile(at(`bundle/${file.path}`), 'latin1')),
    );
    for (const text of published) expect(text).not.toMatch(/costPerUse|cost_per_use|"cost"/);
  });

  it('decides for known, unknown and empty shoppers, repeatably', async () => {
    const requests = [
      { id: 'empty' },
      {
        id: 'seen',
        ts: 1_750_000_000_000,
        slot: 'cart',
        history: [{ ts: 1_749_999_990_000, name: 'view_item', sku: 'p2' }],
      },
      { id: 'odd', attributes: { never: 'seen' }, history: [{ name: 'view_item', sku: 'no such product' }] },
      { id: 'few', eligible: ['none', 'hello'] },
    ];
    const args = ['decide', '--bundle', at('bundle'), '--seed', '5'];
    const first = await promoEdgeJson<DecisionLine>(args, requests);
    const again = await promoEdgeJson<DecisionLine>(args, requests);
    expect(first.map(({ ms, ...rest }) => rest)).toEqual(again.map(({ ms, ...rest }) => rest));
    expect(first.map((line) => line.id)).toEqual(['empty', 'seen', 'odd', 'few']);
    for (const line of first) {
      expect(line.propensity).toBeGreaterThan(0);
      expect(line.propensity).toBeLessThanOrEqual(1);
      expect(Object.keys(line.values)).toContain(line.action);
      expect(Object.values(line.values).every(Number.isFinite)).toBe(true);
    }
    expect(Object.keys(first[3]!.values).sort()).toEqual(['hello', 'none']);
    const greedy = await promoEdgeJson<DecisionLine>([...args, '--greedy'], requests);
    for (const { action, values } of greedy) expect(values[action]).toBe(Math.max(...Object.values(values)));
  });

  it('recommends the whole catalogue in order, and without what was seen if asked', async () => {
    const history = [{ name: 'view_item', sku: 'p2' }];
    const [all, unseen] = await promoEdgeJson<{ items: string[]; scores: number[] }>(
      ['recommend', '--bundle', at('bundle'), '--k', '100'],
      [{ history }, { history, exclude_seen: true }],
    );
    expect(new Set(all!.items).size).toBe(PRODUCTS.length);
    expect(all!.scores).toEqual([...all!.scores].sort((left, right) => right - left));
    expect(unseen!.items).not.toContain('p2');
  });

  it('finds products by their words in both languages', async () => {
    const [english, chinese] = await promoEdgeJson<{ items: string[] }>(
      ['search', '--bundle', at('bundle'), '--k', '5'],
      [{ query: 'green tea' }, { query: '茶杯' }],
    );
    const title = (sku: string): string => PRODUCTS.find((product) => product.sku === sku)!.title;
    expect(title(english!.items[0]!)).toMatch(/Green tea/);
    // What shoppers bought after these words may stand above what bears them: it is a cup too.
    const titles = chinese!.items.map(title);
    expect(titles.filter((each) => !/茶杯|cup/.test(each))).toEqual([]);
    expect(titles.filter((each) => each.includes('茶杯')).length).toBeGreaterThan(0);
  });

  it('names the category of a new product', async () => {
    const [tea, cup] = await promoEdgeJson<{ category: string; confidence: number }>(
      ['classify', '--bundle', at('bundle')],
      [
        { sku: 'n1', title: 'Green tea no 99' },
        { sku: 'n2', title: 'Stoneware cup 77' },
      ],
    );
    expect([tea!.category, cup!.category]).toEqual(['Tea > Green', 'Ware > Cups']);
    expect(tea!.confidence).toBeGreaterThan(0.5);
  });

  it('embeds text, products and histories as unit vectors', async () => {
    const lines = await promoEdgeJson<{ vector: number[] }>(
      ['embed', '--bundle', at('bundle')],
      [{ text: 'tea' }, { product: PRODUCTS[0] }, { history: [{ name: 'view_item', sku: 'p4' }] }],
    );
    for (const { vector } of lines) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
  });

  it('evaluates the release and a policy from a file on the log, with intervals', async () => {
    const log = (await readFile(at('log/decisions.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const target = log.map(({ id, eligible }: { id: string; eligible: string[] }) => ({
      id,
      probabilities: Object.fromEntries(eligible.map((promotion) => [promotion, 1 / eligible.length])),
    }));
    await writeFile(at('target.jsonl'), target.map((line) => JSON.stringify(line)).join('\n'));
    const lines = await promoEdgeJson<{
      estimator: string;
      value: number;
      low: number;
      high: number;
      ess: number;
    }>(['evaluate', '--target', at('target.jsonl'), '--data', at('log')]);
    // The log is uniform, so every estimator must put the log's own mean inside its interval.
    const mean = log.reduce((sum: number, line: { reward: number }) => sum + line.reward, 0) / log.length;
    expect(lines.map((line) => line.estimator)).toEqual(expect.arrayContaining(['ips', 'snips', 'dm', 'dr']));
    const ips = lines.find((line) => line.estimator === 'ips')!;
    expect(ips.value).toBeCloseTo(mean, 6);
    for (const { low, high } of lines) expect(low <= mean && mean <= high).toBe(true);
    expect(await promoEdgeJson(['evaluate', '--bundle', at('bundle'), '--data', at('log')])).not.toEqual([]);
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown command', ['fly'], /expected a command, got 'fly'/],
    ['an unknown option', ['train', '--wings'], /--wings/],
    ['a missing folder', ['train', '--data', '/nowhere', '--out', '/tmp/x'], /a data folder/],
    ['a folder that is no bundle', ['decide', '--bundle', '/'], /bundle folder/],
  ])('answers %s with exit code 2 and words', async (_, args, words) => {
    const { code, err } = await promoEdge(args);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });

  it('trains nothing from an empty catalogue, and says so', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'empty-'));
    const { code, err } = await promoEdge(['train', '--data', empty, '--out', join(empty, 'bundle')]);
    expect(code).toBe(1);
    expect(err).toMatch(/nothing to train/i);
  });

  it('refuses a promotion with a negative value by file, entry and field', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'negative-'));
    await writeFile(join(dir, 'promotions.json'), '[{"id":"x","type":"percentage","percent":-5}]');
    const { code, err } = await promoEdge(['train', '--data', dir, '--out', join(dir, 'bundle')]);
    expect(code).toBe(2);
    expect(err).toMatch(/promotions\.json.*\[0\]\.percent.*>=0.*-5/);
  });

  it('goes on past a broken request line, names it, and ends with 1', async () => {
    const { code, out, err } = await promoEdge(
      ['decide', '--bundle', at('bundle')],
      [{ id: 'a' }, '{broken', { id: 'b' }],
    );
    expect(out.map((line) => JSON.parse(line).id)).toEqual(['a', 'b']);
    expect(err).toMatch(/line 2: expected one JSON value/);
    expect(code).toBe(1);
  });

  it('refuses a bundle whose file was changed by one byte', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'tampered-'));
    const { cp } = await import('node:fs/promises');
    await cp(at('bundle'), copy, { recursive: true });
    await appendFile(join(copy, 'first.json'), ' ');
    const { code, err } = await promoEdge(['decide', '--bundle', copy], [{}]);
    expect(err).toMatch(/first\.json: expected \d+ bytes/);
    expect(code).toBe(1);
  });
});
