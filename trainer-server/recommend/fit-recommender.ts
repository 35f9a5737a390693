/** Counts the item-to-item relations and fits how all recommenders are mixed. */

import { PARTS, type Part, type PartTables, recentRows } from '../../shared/recommend/parts.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { encodeHistories } from '../encoders/encode-histories.ts';
import type { EncoderModels } from '../encoders/models.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type ScoredCase, scoreCase } from './blend-case.ts';
import {
  COUNTING_OPTIONS,
  type CountingOptions,
  countNext,
  countPopularity,
  countTogether,
} from './co-occurrence.ts';
import { blendQuality, fitBlend } from './fit-blend.ts';
import type { Split } from './held-out.ts';
import { type Trail, trailsOf } from './trails.ts';

/** Days after which a touch counts half towards popularity: what sells now, not what once did. */
const POPULARITY_HALF_LIFE = 30;

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
  const stage = options.progress.stage('recommenders', 3);
  const before = count(trailsOf(split.train, catalogue.rowOf), rows, counting);
  const tables: PartTables = { ...before, vectors: { width, data: vectors } };
  stage.update(1, 'counted the training part');
  const histories = split.cases.map(({ history }) => spreadBaskets(history));
  const states = session === undefined ? undefined : await encodeHistories(models, histories);
  const cases = split.cases.map(({ history, target }, i) =>
    scoreCase(tables, {
      recent: recentRows(history, catalogue.rowOf),
      target,
      state: states?.subarray(i * width, (i + 1) * width),
    }),
  );
  const available = new Set(PARTS.filter((part) => part !== 'session' || session !== undefined));
  const blend = fitBlend(cases, available);
  stage.update(2, 'fitted the blend');
  const report = qualities(cases, blend, available);
  const { next, together, popularity } = count(catalogue.trails, rows, counting);
  stage.end(`${rows} products, ${cases.length} held-out cases`);
  return { recommend: { next, together, popularity, blend }, report };
}

function count(
  trails: readonly Trail[],
  rows: number,
  options: CountingOptions,
): Required<Pick<PartTables, 'rows' | 'popularity'>> & {
  next: NonNullable<PartTables['next']>;
  together: NonNullable<PartTables['together']>;
} {
  const touches = countPopularity(trails, rows, POPULARITY_HALF_LIFE);
  // A tenth of a touch each, so that a product which nobody touched yet can still be shown, last.
  const total = touches.reduce((sum, x) => sum + x + 0.1, 0);
  return {
    rows,
    next: countNext(trails, rows, options),
    together: countTogether(trails, rows, options),
    popularity: Float32Array.from(touches, (x) => (x + 0.1) / total),
  };
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
