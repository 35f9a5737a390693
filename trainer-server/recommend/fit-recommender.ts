/** Counts the item-to-item relations and fits how all recommenders are mixed. */

import { PARTS, type Part, type PartTables, recentRows } from '../../shared/recommend/parts.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { encodeHistories } from '../encoders/encode-histories.ts';
import type { EncoderModels } from '../encoders/models.ts';
import type { TrainingOptions } from '../training-options.ts';
import { asTimeAllows } from './as-time-allows.ts';
import { caseScorer, type ScoredCase, worthOf } from './blend-case.ts';
import { chooseBlend } from './choose-blend.ts';
import { COUNTING_OPTIONS, type CountingOptions, placesByRow } from './co-occurrence.ts';
import type { CountMemory } from './count-memory.ts';
import { countTables } from './count-tables.ts';
import { type EarlierRecommender, qualityOf, rememberedIn } from './earlier-recommender.ts';
import { blendQuality } from './fit-blend.ts';
import type { Case, Split } from './held-out.ts';
import { NO_PAST, type Past, pastCases, pastOf, withoutAnswers } from './past.ts';
import { SessionKnn } from './session-knn.ts';
import { type Trail, trailsOf } from './trails.ts';

/** How fast the past fades is chosen on the held-out cases: a season's goods do, a parts shop's hardly. */
export const FADING: readonly Pick<CountingOptions, 'halfLifeDays' | 'halfLifeShare'>[] = [
  { halfLifeDays: Number.POSITIVE_INFINITY, halfLifeShare: Number.POSITIVE_INFINITY },
  { halfLifeDays: 60, halfLifeShare: 0.25 },
];

/**
 * Tried too where an earlier release's counts are gone on from: a long log of another kind would drown them. On Online
 * Retail's shoppers before simulated ones.
 */
const STEADFAST: Partial<CountingOptions> = { ...FADING[0], earlierWeight: 4 };

export interface FittedRecommender {
  recommend: NonNullable<EncoderModels['recommend']>;
  memory: CountMemory;
  past: Past;
  report: Record<string, number>;
}

/**
 * The blend is fitted with counts of the training part alone; the counts that are served come from the whole log, so
 * that its latest days are in them. Out of time, fewer cases are asked, one way of counting is tried, and its counts are
 * served.
 * @param earlier the recommender of the release that is gone on from
 */
export async function fitRecommender(
  models: Pick<EncoderModels, 'catalogue' | 'lookup' | 'priceEdges' | 'vectors' | 'session'>,
  split: Split,
  options: Pick<TrainingOptions, 'progress' | 'random' | 'deadline'>,
  earlier?: EarlierRecommender,
  counting: CountingOptions = COUNTING_OPTIONS,
): Promise<FittedRecommender> {
  const { catalogue, session, vectors } = models;
  const rows = catalogue.products.length;
  const width = vectors.length / rows;
  const stage = options.progress.stage('recommenders', FADING.length + 3);
  const train = trailsOf(split.train, catalogue.rowOf);
  const choosing = (earlier?.past.choosing ?? []).filter(
    ({ target }) => catalogue.rowOf(target) !== undefined,
  );
  const older = pastCases(choosing, catalogue.rowOf);
  const asked = [...split.cases, ...older];
  const histories = asked.map(({ history }) => spreadBaskets(history));
  const states = session === undefined ? undefined : await encodeHistories(models, histories);
  const available = new Set(PARTS.filter((part) => part !== 'session' || session !== undefined));
  const places = placesByRow(train, rows);
  const remembered = earlier && rememberedIn(earlier, catalogue);
  const tried = asked.length === 0 ? FADING.slice(0, 1) : [...FADING, ...(remembered ? [STEADFAST] : [])];
  const ways: { counted: CountingOptions; tables: ReturnType<typeof countTables> & PartTables }[] = [];
  // Seconds that one way of counting takes here: another is tried, and the whole log counted, where there is time.
  let once = 0;
  for (const fading of tried) {
    if (ways.length > 0 && options.deadline() < 3 * once) break;
    const began = options.deadline();
    const counted = { ...counting, ...fading };
    const tables = countTables(train, rows, counted, places, remembered);
    ways.push({ counted, tables: { ...tables, vectors: { width, data: vectors } } });
    if (Number.isFinite(began)) once = began - options.deadline();
    stage.update(ways.length, 'counted');
  }
  const score = caseScorer(ways.map(({ tables }) => tables));
  const ask =
    (first: number) =>
    ({ history, target }: Case, place: number): ScoredCase[] =>
      score({
        recent: recentRows(history, catalogue.rowOf),
        target,
        state: states?.subarray((first + place) * width, (first + place + 1) * width),
      });
  const asking = (): number => options.deadline() - once;
  const fresh = asTimeAllows(split.cases, asking, ask(0));
  const before = asTimeAllows(older, asking, ask(split.cases.length));
  stage.update(ways.length + 1, 'asked the held-out cases');
  const under = ways.map((_, way) => ({
    fresh: fresh.map((of) => of[way]!),
    older: before.map((of) => of[way]!),
  }));
  const floor = earlier && (await earlier.quality(choosing));
  const { way, blend } = chooseBlend(under, available, floor);
  const { counted, tables: judged } = ways[way]!;
  const cases = under[way]!.fresh;
  stage.update(ways.length + 2, 'fitted the blend');
  const { past, cases: unanswered } = pastOf(
    split,
    catalogue.products,
    earlier?.past ?? NO_PAST,
    options.random.fork('past'),
  );
  const late = options.deadline() < once;
  const counts = late
    ? judged
    : countTables(withoutAnswers(catalogue.trails, unanswered), rows, counted, undefined, remembered);
  const { next, before: back, together, popularity, memory } = counts;
  const tables = { next, before: back, together, popularity };
  const periods =
    earlier &&
    (await periodQualities(earlier, models, { ...tables, blend }, split.cases, blendQuality(cases, blend)));
  const report = {
    ...qualities(cases, blend, available),
    fades: Number(Number.isFinite(counted.halfLifeDays)),
    ...(options.deadline() > 2 * once
      ? { nearestSessions: nearestSessions(train, split.cases, catalogue, options.deadline) }
      : {}),
    ...periods,
  };
  const told = late ? '; no time to count the held-out days for serving' : '';
  stage.end(`${rows} products, ${cases.length} held-out cases${told}`);
  if (periods !== undefined) options.progress.say(`  ${toldPeriods(periods)}`);
  return { recommend: { ...tables, blend }, memory, past, report };
}

/** hit@10 + reciprocal rank within 20 of the release before and of this one. */
interface PeriodQualities extends Record<string, number> {
  oldPeriodBefore: number;
  oldPeriodAfter: number;
  /** Relative loss on the old period; 0 where there is none. */
  forgetting: number;
  newPeriodBefore: number;
  newPeriodAfter: number;
}

function toldPeriods(told: PeriodQualities): string {
  const [oldBefore, oldAfter, newBefore, newAfter] = [
    told.oldPeriodBefore,
    told.oldPeriodAfter,
    told.newPeriodBefore,
    told.newPeriodAfter,
  ].map((quality) => quality.toFixed(3));
  const forgotten = `${(100 * told.forgetting).toFixed(1)} % forgotten`;
  return `old period ${oldBefore} -> ${oldAfter} (${forgotten}), new period ${newBefore} -> ${newAfter}`;
}

/**
 * How this release and the one before do on the old and the new period. Questions of the old period are in what both
 * counted; those of the new one in neither.
 * @param now quality on the new period's cases, of counts that do not hold them
 */
async function periodQualities(
  earlier: EarlierRecommender,
  models: Pick<EncoderModels, 'catalogue' | 'lookup' | 'priceEdges' | 'vectors' | 'session'>,
  recommend: NonNullable<EncoderModels['recommend']>,
  cases: Split['cases'],
  now: number,
): Promise<PeriodQualities> {
  const { catalogue, vectors } = models;
  const rows = catalogue.products.length;
  const width = vectors.length / rows;
  const asked = cases.map(({ history, target }) => ({ history, target: catalogue.products[target]!.sku }));
  const histories = earlier.past.asked.map(({ history }) => spreadBaskets(history));
  const states = models.session && (await encodeHistories(models, histories));
  const served = { ...recommend, rows, vectors: { width, data: vectors }, rowOf: catalogue.rowOf };
  const before = await earlier.quality(earlier.past.asked);
  const after = qualityOf(served, earlier.past.asked, (i) => states?.subarray(i * width, (i + 1) * width));
  return {
    oldPeriodBefore: before,
    oldPeriodAfter: after,
    forgetting: before === 0 ? 0 : Math.max(0, 1 - after / before),
    newPeriodBefore: await earlier.quality(asked),
    newPeriodAfter: now,
  };
}

/** Enough to see whether the blend falls behind: a hit rate of 30 % to 2 points. */
const NEAREST_CASES = 500;

/** The same measure of what is not released: nearest sessions. */
function nearestSessions(
  train: readonly Trail[],
  cases: Split['cases'],
  { products, rowOf }: EncoderModels['catalogue'],
  deadline: () => number,
): number {
  const knn = new SessionKnn(train, products.length);
  const worths = asTimeAllows(cases.slice(0, NEAREST_CASES), deadline, ({ history, target }) => {
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
