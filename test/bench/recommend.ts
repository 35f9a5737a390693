/**
 * `train` and `recommend` on three public logs, beside counting baselines on the same questions (shared data):
 * Diginetica's ninth tenth of sessions, Amazon Beauty leave-one-out, Online Retail's October. Counting models and
 * their blend on a sample of the questions; with --full the session encoder too, and every question.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { readEvent } from '../../shared/event.ts';
import { recommendScores } from '../../shared/recommend/recommend.ts';
import { readRecommender } from '../../shared/recommend/tables.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import type { Interval } from '../../trainer-server/evaluate/intervals/interval.ts';
import { catalogueTables } from '../../trainer-server/recommend/open-bundle-tables.ts';
import { openBundle } from '../../trainer-server/release/bundle.ts';
import { promoEdgeJson } from '../helpers/cli.ts';
import type { Bench, Figures } from './bench.ts';
import { floorsOf, gainOver, qualityOf } from './recommend/floors.ts';
import { beauty, diginetica, type Log, retail } from './recommend/logs.ts';

export const bench: Bench = {
  summary: 'next product on three public logs (needs npm run build and the shared data)',
  async run({ quick, full, say }) {
    const sample = (usual: number): number => (full ? 1 : quick ? 8 * usual : usual);
    const logs = [diginetica(sample(16)), beauty(sample(3)), await retail(sample(1))];
    const figures: Figures = {};
    for (const log of logs) Object.assign(figures, await measure(log, full, say));
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
  const times = histories.map((history) => {
    const began = performance.now();
    topRows(recommendScores(recommender, { history }), 20);
    return performance.now() - began;
  });
  times.sort((a, b) => a - b);
  return {
    device_p95_ms: times[Math.floor(0.95 * times.length)]!,
    device_products: recommender.rows,
    tables_br_bytes: bytes.reduce((a, b) => a + b, 0),
  };
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);
