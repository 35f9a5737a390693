import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../trainer-server/commands/command.ts';
import { COMMANDS } from '../../../trainer-server/commands/index.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { nextOnRing, ringDataset, ringProducts, smallTraining } from '../../helpers/ring-shop.ts';

let folder: string;
const bundle = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encoders-'));
  const options = smallTraining('commands');
  const pairs = ringProducts.flatMap((a, i) => [
    { a, b: { ...a, title: `a ${a.title}, boxed` }, label: 1 as const },
    { a, b: ringProducts[(i + 4) % ringProducts.length]!, label: 0 as const },
    { a, b: ringProducts[(i + 1) % ringProducts.length]!, label: 0 as const },
  ]);
  const labelled = { ...ringDataset(1), pairs };
  const matcher = await trainEncoders(labelled, { ...options, only: ['classify'] });
  await writeEncoderBundle(bundle('matcher'), matcher);
  await writeEncoderBundle(bundle('whole'), await trainEncoders(ringDataset(200), options));
  const searchAlone = await trainEncoders(ringDataset(1), { ...options, only: ['search'] });
  await writeEncoderBundle(bundle('search'), searchAlone);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(name: string, lines: unknown[], values: Record<string, string> = {}): Promise<Answer[]> {
  const command: Command = await COMMANDS.find((entry) => entry.name === name)!.load();
  const out: Answer[] = [];
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const code = await command.run({ bundle: bundle('whole'), ...values }, [], {
    stdin: Readable.from([text]),
    out: (line) => void out.push(JSON.parse(line)),
    progress: SILENT,
    now: () => 0,
    env: {},
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  return out;
}

interface Answer {
  id?: string | number;
  items: string[];
  scores: number[];
  sku: string;
  category: string;
  confidence: number;
  vector: number[];
  fallback?: string;
  same: boolean;
  chance: number;
}

const view = (sku: string) => ({ name: 'view_item', sku });

describe('recommend', () => {
  it('ranks the whole catalogue, the next product of the walk first', async () => {
    const asked = ringProducts.map(({ sku }, id) => ({ id, history: [view(sku)] }));
    const answers = await run('recommend', asked, { k: '1000' });
    answers.forEach(({ id, items, scores }, i) => {
      expect(id).toBe(i);
      expect([...items].sort()).toEqual(ringProducts.map(({ sku }) => sku).sort());
      expect(items[0]).toBe(nextOnRing(ringProducts[i]!.sku));
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    });
  });

  it('leaves out what was seen where it is asked to', async () => {
    const history = [view('mug-red'), view('mug-blue')];
    const [answer] = await run('recommend', [{ history, exclude_seen: true }], { k: '100' });
    expect(answer!.items).toHaveLength(22);
    expect(answer!.items).not.toContain('mug-blue');
    expect(answer).not.toHaveProperty('id');
  });

  it('serves guests and shoppers of unknown products', async () => {
    const answers = await run('recommend', [{ history: [] }, { history: [view('unheard-of')] }, {}], {
      k: '5',
    });
    for (const { items } of answers) expect(new Set(items).size).toBe(5);
  });

  it('serves a bundle without counted relations by likeness', async () => {
    const values = { bundle: bundle('search'), k: '4' };
    const [answer] = await run('recommend', [{ history: [view('mug-red')], exclude_seen: true }], values);
    expect(answer!.items[0]).toMatch(/^mug-/);
  });

  it('names the line and the field of a bad request', async () => {
    const lines = [{ history: [] }, { history: [{ name: 'peek', sku: 'x' }] }];
    await expect(run('recommend', lines)).rejects.toThrow(/standard input, line 2, history\[0\]\.name/);
    await expect(run('recommend', ['{"history":'])).rejects.toThrow(/line 1: expected one JSON value/);
  });
});

describe('search', () => {
  it('finds the product that has both words first', async () => {
    const answers = await run('search', [{ id: 'a', query: 'blue chairs' }, { query: 'green kettle' }], {
      k: '3',
    });
    expect(answers.map(({ items }) => items[0])).toEqual(['chair-blue', 'kettle-green']);
    expect(answers[0]!.id).toBe('a');
    expect(answers[0]!.items).toHaveLength(3);
  });

  it('answers a query of unknown words by meaning alone', async () => {
    const [answer] = await run('search', [{ query: 'zzzz' }], { k: '24' });
    expect(new Set(answer!.items).size).toBe(24);
  });
});

describe('classify', () => {
  it('tells the category of new products by their words', async () => {
    const lines = [
      { sku: 'n1', title: 'Yellow mug' },
      { sku: 'n2', title: 'Large clock' },
    ];
    const answers = await run('classify', lines);
    expect(answers.map(({ sku, category }) => [sku, category])).toEqual([
      ['n1', 'Home > mug'],
      ['n2', 'Home > clock'],
    ]);
    for (const { confidence } of answers) expect(confidence).toBeGreaterThan(1 / 6);
  });

  it('says that a product without words tells nothing', async () => {
    expect(await run('classify', [{ sku: 'n3', title: '' }])).toEqual([
      { sku: 'n3', category: null, confidence: 0 },
    ]);
  });

  it('says what is missing where the bundle has no classifier', async () => {
    await expect(run('classify', [], { bundle: bundle('search') })).rejects.toThrow(/category classifier/);
  });
});

describe('match', () => {
  it('tells products that are one from those that are not, as the labels taught it', async () => {
    const answers = await run(
      'match',
      [
        { id: 7, a: { title: 'red mug' }, b: { title: 'a red mug, boxed' } },
        { a: { title: 'red mug' }, b: { title: 'red chair' } },
      ],
      { bundle: bundle('matcher') },
    );
    expect(answers.map(({ id, same }) => [id, same])).toEqual([
      [7, true],
      [undefined, false],
    ]);
    expect(answers[0]!.chance).toBeGreaterThan(answers[1]!.chance);
  });

  it('names what is wrong with a line, and what is missing where no pairs were labelled', async () => {
    await expect(run('match', [{ a: { title: 'red mug' } }], { bundle: bundle('matcher') })).rejects.toThrow(
      /line 1, b/,
    );
    await expect(run('match', [], { bundle: bundle('search') })).rejects.toThrow(/pairs\.jsonl/);
  });
});

describe('embed', () => {
  it('gives unit vectors of texts, products and histories', async () => {
    const lines = [
      { id: 1, text: 'red mug' },
      { id: 2, product: { title: 'red mug', category: 'Home > mug', price: 5 } },
      { id: 3, history: [view('mug-red')] },
    ];
    for (const { vector } of await run('embed', lines)) {
      expect(vector).toHaveLength(64);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
    }
  });

  it('never gives a zero vector unsaid: what tells nothing gets the middle of the catalogue', async () => {
    const lines = [{ text: '  ' }, { history: [] }, { product: { sku: 'blank' } }, { text: 'red mug' }];
    const answers = await run('embed', lines);
    for (const { vector } of answers) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
    expect(answers.map(({ fallback }) => fallback)).toEqual(['no words', 'no events', undefined, undefined]);
  });

  it('places a new product nearer to its kind', async () => {
    const product = (title: string, category: string) => ({
      product: { title, category: `Home > ${category}` },
    });
    const answers = await run('embed', [
      product('yellow mug', 'mug'),
      product('red mug', 'mug'),
      product('red clock', 'clock'),
    ]);
    const cosine = (i: number, j: number): number =>
      answers[i]!.vector.reduce((sum, x, d) => sum + x * answers[j]!.vector[d]!, 0);
    expect(cosine(0, 1)).toBeGreaterThan(cosine(0, 2));
  });

  it('refuses a line that holds nothing to embed', async () => {
    await expect(run('embed', [{ id: 1 }])).rejects.toThrow(/text, product or history/);
  });
});
