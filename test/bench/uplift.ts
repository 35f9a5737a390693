/**
 * What `train` and `decide` earn on two published trials, in decisions that they were not trained on. Shared data:
 * Starbucks' promotion (NIR = 10 buyers offered - 0.15 offered - 10 buyers not offered, over those chosen) and
 * Hillstrom's mailing (visits against always mailing `mens`).
 */

import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { seeded } from '../../shared/random.ts';
import { clusteredMean } from '../../trainer-server/uplift/clustered-mean.ts';
import { promoEdgeJson } from '../helpers/cli.ts';
import { realData } from '../helpers/real-data.ts';
import type { Bench, Figures } from './bench.ts';

const PRICE = 10;
const MAIL = 0.15;

/** One row of a trial, as a logged decision. */
interface Trial {
  promotions: { id: string; type: 'message' }[];
  arms: string[];
  rows: { action: string; reward: number; attributes: Record<string, string | number> }[];
}

export const bench: Bench = {
  summary: 'earnings on two real promotion trials, cross-fitted (needs npm run build and the shared data)',
  async run({ quick, say }) {
    const starbucks = await starbucksTrial();
    const hillstrom = await hillstromTrial();
    const cut = (trial: Trial): Trial => (quick ? { ...trial, rows: trial.rows.slice(0, 12_000) } : trial);
    return {
      ...(await starbucksFigures(cut(starbucks), say)),
      ...(await hillstromFigures(cut(hillstrom), say)),
    };
  },
};

async function starbucksFigures(trial: Trial, say: (line: string) => void): Promise<Figures> {
  const folds = shuffledFolds(trial.rows.length, 3, 'starbucks');
  const parts = new Float64Array(trial.rows.length);
  for (let fold = 0; fold < 3; fold++) {
    const chosen = await choose(trial, folds, fold, say);
    for (const [i, action] of chosen) {
      const { action: logged, reward } = trial.rows[i]!;
      // The logged reward is net of the mail, so offered buyers and mails are one term, the others' purchases another.
      if (action !== 'none') parts[i] = logged === 'none' ? -reward : reward;
    }
  }
  const n = parts.length;
  const { value, low, high } = clusteredMean(parts, [...parts.keys()]);
  say(
    `starbucks: NIR ${(n * value).toFixed(1)} (${(n * low).toFixed(1)} to ${(n * high).toFixed(1)}) on ${n}`,
  );
  return { starbucks_nir: n * value, starbucks_nir_low: n * low, starbucks_n: n };
}

/**
 * Paired over the same rows: the policy's visits less always-mens', each by inverse propensity. Where both choose alike
 * a row adds nothing, so no model is needed to make the interval narrow.
 */
async function hillstromFigures(trial: Trial, say: (line: string) => void): Promise<Figures> {
  const folds = shuffledFolds(trial.rows.length, 2, 'hillstrom');
  const chosen = await choose(trial, folds, 0, say);
  const means = Object.fromEntries(
    trial.arms.map((arm) => [
      arm,
      mean(trial.rows.filter((row, i) => folds[i] !== 0 && row.action === arm).map(({ reward }) => reward)),
    ]),
  );
  const parts = chosen.map(([i, action]) => {
    const { action: logged, reward } = trial.rows[i]!;
    // Doubly robust with each arm's mean on the other half as the model: the paired form of AIPW.
    const score = (arm: string): number =>
      means[arm]! + (logged === arm ? trial.arms.length * (reward - means[arm]!) : 0);
    return score(action) - score('mens');
  });
  const { value, low } = clusteredMean(parts, [...parts.keys()]);
  const share = chosen.filter(([, action]) => action === 'mens').length / chosen.length;
  say(
    `hillstrom: visits against always mens ${value.toFixed(4)} (from ${low.toFixed(4)}); mens for ${share.toFixed(2)}`,
  );
  return { hillstrom_visit_gain: value, hillstrom_visit_gain_low: low, hillstrom_mens_share: share };
}

/** Trains on the other folds and decides greedily in this one: [row, action]. */
async function choose(
  trial: Trial,
  folds: Int32Array,
  fold: number,
  say: (line: string) => void,
): Promise<[number, string][]> {
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-uplift-'));
  try {
    const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
    await mkdir(data);
    const lines = trial.rows.flatMap(({ action, reward, attributes }, i) =>
      folds[i] === fold
        ? []
        : [
            JSON.stringify({
              id: `d${i}`,
              visitor: `v${i}`,
              ts: i,
              attributes,
              eligible: trial.arms,
              action,
              propensity: 1 / trial.arms.length,
              reward,
            }),
          ],
    );
    await writeFile(join(data, 'decisions.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(data, 'promotions.json'), JSON.stringify(trial.promotions));
    const began = performance.now();
    await promoEdgeJson(['train', '--data', data, '--out', bundle]);
    say(`fold ${fold}: trained on ${lines.length} in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const rows = trial.rows.flatMap((_, i) => (folds[i] === fold ? [i] : []));
    const requests = rows.map((i) => ({
      id: String(i),
      attributes: trial.rows[i]!.attributes,
      eligible: trial.arms,
    }));
    const decided = await promoEdgeJson<{ id: string; action: string }>(
      ['decide', '--bundle', bundle, '--greedy'],
      requests,
    );
    return decided.map(({ action }, k) => [rows[k]!, action]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function starbucksTrial(): Promise<Trial> {
  const rows: Trial['rows'] = [];
  for await (const row of csv(realData('starbucks_promo/training.csv.gz'))) {
    const offered = row.Promotion === 'Yes';
    const attributes: Record<string, string | number> = { V2: Number(row.V2), V3: Number(row.V3) };
    for (const name of ['V1', 'V4', 'V5', 'V6', 'V7']) attributes[name] = `c${row[name]}`;
    rows.push({
      action: offered ? 'promotion' : 'none',
      reward: PRICE * Number(row.purchase) - (offered ? MAIL : 0),
      attributes,
    });
  }
  return { promotions: [{ id: 'promotion', type: 'message' }], arms: ['none', 'promotion'], rows };
}

async function hillstromTrial(): Promise<Trial> {
  const names: Record<string, string> = {
    'No E-Mail': 'none',
    'Mens E-Mail': 'mens',
    'Womens E-Mail': 'womens',
  };
  const rows: Trial['rows'] = [];
  for await (const row of csv(realData('hillstrom/train.csv.gz'))) {
    rows.push({
      action: names[row.segment!]!,
      reward: Number(row.visit),
      attributes: {
        recency: Number(row.recency),
        history: Number(row.history),
        mens: Number(row.mens),
        womens: Number(row.womens),
        newbie: Number(row.newbie),
        zip: row.zip_code!,
        channel: row.channel!,
      },
    });
  }
  const promotions = ['mens', 'womens'].map((id) => ({ id, type: 'message' as const }));
  return { promotions, arms: ['none', 'mens', 'womens'], rows };
}

function csv(file: string): AsyncIterable<Record<string, string>> {
  return createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
}

function shuffledFolds(count: number, k: number, seed: string): Int32Array {
  const random = seeded(seed);
  return Int32Array.from({ length: count }, () => random.int(k));
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
