/** Counts the item-to-item relations and fits how all recommenders are mixed. */

import { PARTS, type Part, recentRows } from '../../shared/recommend/parts.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { encodeHistories } from '../encoders/encode-histories.ts';
import type { EncoderModels } from '../encoders/models.ts';
import type { TrainingOptions } from '../training-options.ts';
import { caseScorer, type ScoredCase, worthOf } from './blend-case.ts';
import { COUNTING_OPTIONS, type CountingOptions, placesByRow } from './co-occurrence.ts';
import { countTables } from './count-tables.ts';
import { blendQuality, fitBlend } from './fit-blend.ts';
import type { Split } from './held-out.ts';
import { SessionKnn } from './session-knn.ts';
import { type Trail, trailsOf } from './trails.ts';

/** How fast the past fades is chosen on the held-out cases: a season's goods do, a parts shop's hardly. */
export const FADING: readonly Pick<CountingOptions, 'halfLifeDays' | 'halfLifeShare'>[] = [
  { halfLifeDays: Number.POSITIVE_INFINITY, halfLifeShare: Number.POSITIVE_INFINITY },
  { halfLifeDays: 60, halfLifeShare: 0.25 },
];

/**
 * The blend is fitted with counts of the training part alone; the counts that are served come from the whole log, so
 * that its latest days are in them.
 */
export async function fitRecommender(
  models: Pick<EncoderModels, 'catalogue' | 'lookup' | 'priceEdges' | 'vectors' | 'session'>,
  split: Split,
  options: Pick<TrainingOptions, 'progress'>,
  counting: CountingOptions = COUNTING_OPTIONS,
): Promise<{ recommend: NonNullable<EncoderModels['recommend']>; report: Record<string, number> }> {
  const { catalogue, session, vectors } = models;
  const rows = catalogue.products.length;
  const width = vectors.length / rows;
  const stage = options.progress.stage('recommenders', FADING.length + 3);
  const train = trailsOf(split.train, catalogue.rowOf);
  const histories = split.cases.map(({ history }) => spreadBaskets(history));
  const states = session === undefined ? undefined : await encodeHistories(models, histories);
  const available = new Set(PARTS.filter((part) => part !== 'session' || session !== undefined));
  const places = placesByRow(train, rows);
  const ways = (split.cases.length === 0 ? FADING.slice(0, 1) : FADING).map((fading, i) => {
    const counted = { ...counting, ...fading };
    const tables = { ...countTables(train, rows, counted, places), vectors: { width, data: vectors } };
    stage.update(i + 1, 'counted');
    return { counted, tables };
  });
  const score = caseScorer(ways.map(({ tables }) => tables));
  const scored = split.cases.map(({ history, target }, i) =>
    score({
      recent: recentRows(history, catalogue.rowOf),
      target,
      state: states?.subarray(i * width, (i + 1) * width),
    }),
  );
  stage.update(ways.length + 1, 'asked the held-out cases');
  const fits = ways.map(({ counted }, way) => {
    const cases = scored.map((of) => of[way]!);
    const blend = fitBlend(cases, available);
    return { counted, cases, blend, quality: blendQuality(cases, blend) };
  });
  stage.update(ways.length + 2, 'fitted the blend');
  // The first where equal: what fades rests on fewer observations.
  const { counted, cases, blend } = fits.reduce((best, fit) => (fit.quality > best.quality ? fit : best));
  const { rows: _, ...tables } = countTables(catalogue.trails, rows, counted);
  const report = {
    ...qualities(cases, blend, available),
    fades: Number(Number.isFinite(counted.halfLifeDays)),
    nearestSessions: nearestSessions(train, split.cases, catalogue),
  };
  stage.end(`${rows} products, ${cases.length} held-out cases`);
  return { recommend: { ...tables, blend }, report };
}

/** Enough to see whether the blend falls behind: a hit rate of 30 % to 2 points. */
const NEAREST_CASES = 500;

/** The same measure of what is not released: nearest sessions. */
function nearestSessions(
  train: readonly Trail[],
  cases: Split['cases'],
  { products, rowOf }: EncoderModels['catalogue'],
): number {
  const knn = new SessionKnn(train, products.length);
  const worths = cases.slice(0, NEAREST_CASES).map(({ history, target }) => {
    const scores = knn.scores(recentRows(history, rowOf));
    const own = scores[target]!;
    return worthOf(own > 0 ? scores.reduce((rank, score) => rank + Number(score >= own), 0) : scores.length);
  });
  return worths.reduce((a, b) => a + b, 0) / Math.max(1, worths.length);
}

/** hit@10 + reciprocal rank within 20 of the blend and of each part alone, on the held-out cases. */
function qualities(
  cases: readonly ScoredCase[],
  blend: number[][],
  available: ReadonlySet<Part>,
): Record<string, number> {
  if (cases.length === 0) return { cases: 0 };
  const out: Record<string, number> = { cases: cases.length, blend: blendQuality(cases, blend) };
  PARTS.forEach((part, k) => {
    const alone = PARTS.map((_, j) => (j === k ? 1 : 0));
    if (available.has(part))
      out[part] = blendQuality(
        cases,
        blend.map(() => alone),
      );
  });
  return out;
}
