/**
 * The Open Bandit sample: what a uniform policy logged, and what Thompson sampling would have done (Saito et al. 2020,
 * arXiv 2008.07146). The other file's mean click is the truth that estimates are compared with.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { LoggedDecision } from '../../shared/decision.ts';
import { NONE } from '../../shared/promotion.ts';
import { type Random, seeded } from '../../shared/random.ts';
import type { SimulatedPolicy } from '../../trainer-server/simulate/index.ts';
import type { TrialDataset } from './trials.ts';

const FOLDER = join(process.env.PROMO_EDGE_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'obd');
export const hasObd = (): boolean => existsSync(FOLDER);

const ITEMS = 34;
const POSITIONS = 3;

export interface Impression {
  item: number;
  /** 0 to 2. */
  position: number;
  click: number;
  propensity: number;
  /** Four hashed features of the user. */
  user: string[];
}

export function readImpressions(policy: 'random' | 'bts'): Impression[] {
  const text = gunzipSync(readFileSync(join(FOLDER, `${policy}_men.csv.gz`))).toString('utf8');
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    item: Number(row.item_id),
    position: Number(row.position) - 1,
    click: Number(row.click),
    propensity: Number(row.propensity_score),
    user: [0, 1, 2, 3].map((k) => row[`user_feature_${k}`]!),
  }));
}

/** Probability that Thompson sampling with the published prior shows an item at a position, [items][positions]. */
export function thompsonShares(draws: number): number[][] {
  const { alpha, beta } = priorOf('men');
  const random = seeded('thompson');
  const shares = Array.from({ length: ITEMS }, () => new Array<number>(POSITIONS).fill(0));
  for (let draw = 0; draw < draws; draw++) {
    const theta = alpha.map((a, item) => betaDraw(a, beta[item]!, random));
    const ranked = [...theta.keys()].sort((left, right) => theta[right]! - theta[left]!);
    for (let p = 0; p < POSITIONS; p++) shares[ranked[p]!]![p]! += 1 / draws;
  }
  return shares;
}

/** The sample as a data folder's content: items as promotions, positions as slots, clicks as rewards. */
export function obdDataset(impressions: readonly Impression[]): TrialDataset {
  const ids = Array.from({ length: ITEMS }, (_, item) => `item-${item}`);
  const decisions: LoggedDecision[] = impressions.map(({ item, position, click, propensity, user }, i) => ({
    ...{ id: `d${i}`, visitor: `d${i}`, history: [], slot: `position-${position}`, eligible: ids },
    ...{ action: ids[item]!, propensity, reward: click },
    attributes: Object.fromEntries(user.map((value, k) => [`user_${k}`, value])),
  }));
  return {
    ...{ decisions, events: [], products: [] },
    promotions: [NONE, ...ids.map((id) => ({ id, terms: { type: 'message' as const } }))],
    shop: {
      ...{ currency: 'JPY', locale: 'ja' },
      attributes: { user_0: 'category', user_1: 'category', user_2: 'category', user_3: 'category' },
      slots: ['position-0', 'position-1', 'position-2'],
    },
  };
}

/** Thompson sampling as a policy on `obdDataset`. */
export function thompsonPolicy(shares: readonly (readonly number[])[]): SimulatedPolicy {
  return {
    name: 'bts',
    probabilities: async (requests) =>
      requests.map(({ slot }) => shares.map((row) => row[Number(slot!.slice(-1))]!)),
  };
}

function priorOf(campaign: string): { alpha: number[]; beta: number[] } {
  const text = readFileSync(join(FOLDER, 'prior_bts.yaml'), 'utf8');
  const own = text.slice(text.search(new RegExp(`^${campaign}:`, 'm')));
  const list = (name: string): number[] => {
    const [, lines] = new RegExp(`${name}:\\n((?:\\s*- [\\d.]+\\n?)+)`).exec(own)!;
    return [...lines!.matchAll(/- ([\d.]+)/g)].map(([, value]) => Number(value));
  };
  return { alpha: list('alpha'), beta: list('beta') };
}

function betaDraw(a: number, b: number, random: Random): number {
  const x = gammaDraw(a, random);
  return x / (x + gammaDraw(b, random));
}

/** Marsaglia and Tsang 2000, for shapes of at least 1. */
function gammaDraw(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * z * z + d * (1 - v + Math.log(v))) return d * v;
  }
}
