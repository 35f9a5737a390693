/**
 * `train` and `recommend` on three public logs, beside counting baselines on the same questions (shared data):
 * Diginetica's ninth tenth of sessions, Amazon Beauty leave-one-out, Online Retail's October. Counting models and
 * their blend on a sample of the questions; with --full everything that the data allows, on the same questions.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';
import { tableScan } from '../../shared/kernels/table-scan.ts';
import { dequantizeRows, quantizeRows } from '../../shared/quantize.ts';
import { seeded } from '../../shared/random.ts';
import { PARTS } from '../../shared/recommend/parts.ts';
import { CONTEXTS, type Recommender, recommendScores } from '../../shared/recommend/recommend.ts';
import type { Relation } from '../../shared/recommend/relation.ts';
import { readRecommender } from '../../shared/recommend/tables.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import type { Interval } from '../../trainer-server/evaluate/intervals/interval.ts';
import { catalogueTables } from '../../trainer-server/recommend/open-bundle-tables.ts';
import { openBundle } from '../../trainer-server/release/bundle.ts';
import { promoEdgeJson } from '../helpers/cli.ts';
import type { Bench, Figures } from './bench.ts';
import { floorsOf, gainOver, qualityOf } from './recommend/floors.ts';
import { largeShopFigures } from './recommend/large-shop.ts';
import { largestShopFigures } from './recommend/largest-shop.ts';
import { beauty, diginetica, type Log, retail } from './recommend/logs.ts';
import { periods } from './recommend/periods.ts';

/** What is measured, in this order; `large` not with --quick, `largest` only where it is asked for. */
const ROWS = ['diginetica', 'beauty', 'retail', 'periods', 'large', 'largest'] as const;

export const bench: Bench = {
  summary: 'next product on three public logs (needs npm run build and the shared data)',
  async run({ quick, full, part = ROWS.slice(0, quick ? -2 : -1), say }) {
    const sample = (usual: number): number => (quick ? 8 * usual : usual);
    const rows: Record<(typeof ROWS)[number], (dir: string) => Promise<Figures>> = {
      diginetica: () => measure(diginetica(sample(16)), full, say),
      beauty: () => measure(beauty(sample(3)), full, say),
      retail: async () => measure(await retail(sample(1)), full, say),
      periods: async (dir) => periods(dir, await retail(sample(1)), quick ? 3 : 1, say),
      large: async (dir) => ({ ...(await largeShopFigures(dir, say)), ...(await largeAnswerFigures()) }),
      largest: (dir) => largestShopFigures(dir, say),
    };
    const figures: Figures = {};
    for (const row of ROWS.filter((each) => part.includes(each))) {
      const dir = await mkdtemp(join(tmpdir(), `promo-edge-${row}-`));
      try {
        Object.assign(figures, await rows[row](dir));
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    }
    return figures;
  },
};

/** The baseline whose figures are the bar, by log. */
const BAR = { diginetica: 'session_knn', beauty: 'markov', retail: 'recency_knn' } as const;
const TABLES = ['catalogue.json', 'products.safetensors', 'neighbours.safetensors'];

async function measure(log: Log, full: boolean, say: (line: string) => void): Promise<Figures> {
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-recommend-'));
  try {
    const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
    await mkdir(data);
    const lines = (rows: readonly unknown[]): string =>
      `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
    await writeFile(join(data, 'events.jsonl'), lines(log.events));
    if (log.products.length > 0) await writeFile(join(data, 'products.jsonl'), lines(log.products));
    const began = performance.now();
    await promoEdgeJson(['train', '--data', data, '--out', bundle, ...(full ? [] : ['--only', 'recommend'])]);
    say(`${log.name}: ${log.questions.length} questions, trained in ${seconds(began)} s`);
    const ours = await ranksOf(bundle, log);
    const floors = floorsOf(log);
    for (const [name, ranks] of Object.entries({ ...floors, blend: ours })) {
      const { hit, second } = qualityOf(ranks, log);
      say(`  ${name.padEnd(12)} hit@${log.cutoff} ${hit.toFixed(4)}  ${log.second} ${second.toFixed(4)}`);
    }
    const bar = floors[BAR[log.name]]!;
    const { hit, second } = gainOver(ours, bar, log);
    say(`  blend over ${BAR[log.name]}: hit ${told(hit)}, ${log.second} ${told(second)}`);
    return {
      ...figuresOf(log, ours, bar),
      ...(log.name === 'diginetica' ? await deviceFigures(bundle, log) : {}),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Rank of each target in what `recommend` gives, from 1. */
async function ranksOf(bundle: string, log: Log): Promise<number[]> {
  const requests = log.questions.map(({ history }, i) => ({
    id: i,
    history,
    exclude_seen: log.excludeSeen,
  }));
  const answers = await promoEdgeJson<{ id: number; items: string[] }>(
    ['recommend', '--bundle', bundle, '--k', String(log.cutoff)],
    requests,
  );
  return answers.map(({ id, items }) => {
    const at = items.indexOf(log.questions[id]!.target);
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
  });
}

function figuresOf(log: Log, ours: readonly number[], bar: readonly number[]): Figures {
  const [hit, other, unit] = log.second === 'mrr' ? ['p20', 'mrr20', 100] : ['hr10', 'ndcg10', 1];
  const [quality, floor, gain] = [qualityOf(ours, log), qualityOf(bar, log), gainOver(ours, bar, log)];
  return {
    [`${log.name}_${hit}`]: unit * quality.hit,
    [`${log.name}_${other}`]: unit * quality.second,
    [`${log.name}_floor_${hit}`]: unit * floor.hit,
    [`${log.name}_floor_${other}`]: unit * floor.second,
    [`${log.name}_${hit}_gain_low`]: unit * gain.hit.low,
    [`${log.name}_${other}_gain_low`]: unit * gain.second.low,
    [`${log.name}_questions`]: ours.length,
  };
}

const told = ({ value, low, high }: Interval): string =>
  `+${value.toFixed(4)} (95 % ${low.toFixed(4)} to ${high.toFixed(4)})`.replace('+-', '-');

/** What a device downloads for this catalogue, and how long one answer takes, the state of the encoder given. */
async function deviceFigures(dir: string, log: Log): Promise<Figures> {
  const bytes = await Promise.all(
    TABLES.map(async (file) => (await promisify(brotliCompress)(await readFile(join(dir, file)))).length),
  );
  const bundle = await openBundle(dir);
  const recommender = readRecommender(await catalogueTables(bundle), await bundle.tensors('neighbours'));
  const histories = log.questions
    .slice(0, 500)
    .map(({ history }) => history.map((event) => readEvent(event, 'EUR')));
  const own = answerTimes(histories, (history) => recommendScores(recommender, { history }));
  return {
    device_p95_ms: own.p95,
    device_cpu_p95_ms: own.cpuP95,
    device_products: recommender.rows,
    tables_br_bytes: bytes.reduce((a, b) => a + b, 0),
  };
}

/** Products of a large shop whose release has every part, session encoder's scores and likeness included. */
const LARGE = 20_000;

/** How long one answer takes when every part has its say. */
async function largeAnswerFigures(): Promise<Figures> {
  const whole = await everyPart(LARGE);
  const asked = Array.from({ length: 500 }, () => Array.from({ length: 8 }, (_, i) => whole.view(i)));
  const large = answerTimes(asked, (history) => recommendScores(whole.recommender, { history }, whole.state));
  const plain = { ...whole.recommender, chances: undefined };
  const slow = answerTimes(asked, (history) => recommendScores(plain, { history }, whole.state));
  return {
    [`device_${LARGE}_every_part_p95_ms`]: large.p95,
    [`device_${LARGE}_every_part_cpu_p95_ms`]: large.cpuP95,
    [`device_${LARGE}_no_kernel_cpu_p95_ms`]: slow.cpuP95,
  };
}

/** Made up: how long an answer takes depends on the sizes alone. */
async function everyPart(rows: number): Promise<{
  recommender: Recommender;
  state: Float32Array;
  view(i: number): BehaviourEvent;
}> {
  const [width, neighbours] = [64, 16];
  const random = seeded('every part');
  const floats = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const relation = (): Relation => ({
    width: neighbours,
    index: Int32Array.from({ length: rows * neighbours }, () => random.int(rows)),
    weight: Uint8Array.from({ length: rows * neighbours }, () => 1 + random.int(255)),
    trust: new Uint8Array(rows).fill(200),
  });
  const table = quantizeRows({ shape: [rows, width], data: floats(rows * width) });
  const recommender = {
    rows,
    next: relation(),
    before: relation(),
    together: relation(),
    popularity: new Float32Array(rows).fill(1 / rows),
    vectors: { width, data: dequantizeRows(table).data },
    chances: await tableScan(table),
    blend: Array.from({ length: CONTEXTS }, () => PARTS.map(() => 1 / PARTS.length)),
    rowOf: Number,
  };
  return {
    recommender,
    state: floats(width),
    view: () => ({ visitor: '', name: 'view_item', sku: String(random.int(rows)) }),
  };
}

/** By the clock and by the processor's: the second says what a busy machine hides. */
function answerTimes(
  histories: readonly BehaviourEvent[][],
  scores: (history: BehaviourEvent[]) => Float32Array,
): { p95: number; cpuP95: number } {
  const measured = histories.map((history) => {
    const [began, before] = [performance.now(), process.cpuUsage()];
    topRows(scores(history), 20);
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - began, cpu: (user + system) / 1000 };
  });
  const p95 = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(0.95 * values.length)]!;
  return { p95: p95(measured.map(({ ms }) => ms)), cpuP95: p95(measured.map(({ cpu }) => cpu)) };
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);
