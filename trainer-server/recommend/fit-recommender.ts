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
import { type EarlierRecommender, rememberedIn } from './earlier-recommender.ts';
import { blendQuality } from './fit-blend.ts';
import type { Case, Split } from './held-out.ts';
import { NO_PAST, type Past, pastCases, pastOf, withoutAnswers } from './past.ts';
import { periodQualities, toldPeriods } from './period-qualities.ts';
import { SessionKnn } from './session-knn.ts';
import { type Trail, trailsOf } from './trails.ts';

/** How fast the past fades is chosen on the held-out cases: a season's goods do, a parts shop's hardly. */
export const FADING: readonly Pick<CountingOptions, 'halfLifeDays' | 'halfLifeShare'>[] = [
  { halfLifeDays: Number.POSITIVE_INFINITY, halfLifeShare: Number.POSITIVE_INFINITY },
  { halfLifeDays: 60, halfLifeShare: 0.25 },
];

/** Tried too where an earlier release's counts are gone on from: a long log of another kind would drown them. */
const STEADFAST: Partial<CountingOptions> = { ...FADING[0], steadfast: true };

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
  options: Pick<TrainingOptions, 'progress' | 'random' | 'deadline' | 'mayForget'>,
  earlier?: EarlierRecommender,
  counting: CountingOptions = COUNTING_OPTIONS,
): Promise<FittedRecommender> {
  const { catalogue, session, vectors } = models;
  const rows = catalogue.products.length;
  const width = vectors.length / rows;
  const { progress } = options;
  const train = trailsOf(split.train, catalogue.rowOf);
  const choosing = (earlier?.past.choosing ?? []).filter(
    ({ target }) => catalogue.rowOf(target) !== undefined,
  );
  const older = pastCases(choosing, catalogue.rowOf);
  const {
    past,
    cases: unanswered,
    fitted,
  } = pastOf(split, catalogue.products, earlier?.past ?? NO_PAST, options.random.fork('past'));
  const asked = [...fitted, ...older];
  const histories = asked.map(({ history }) => spreadBaskets(history));
  const states = session === undefined ? undefined : await encodeHistories(models, histories);
  const available = new Set(PARTS.filter((part) => part !== 'session' || session !== undefined));
  const places = placesByRow(train, rows);
  const remembered = earlier && rememberedIn(earlier, catalogue);
  const tried = asked.length === 0 ? FADING.slice(0, 1) : [...FADING, ...(remembered ? [STEADFAST] : [])];
  const trying = progress.stage('counting what follows what', tried.length);
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
    trying.update(ways.length);
  }
  trying.end(`${ways.length} of ${tried.length} ways`);
  const score = caseScorer(ways.map(({ tables }) => tables));
  const asking = progress.stage('asking the held-out cases', asked.length);
  const ask =
    (first: number) =>
    ({ history, target }: Case, place: number): ScoredCase[] => {
      asking.update(first + place);
      return score({
        recent: recentRows(history, catalogue.rowOf),
        target,
        state: states?.subarray((first + place) * width, (first + place + 1) * width),
      });
    };
  const inTime = (): number => options.deadline() - once;
  const fresh = asTimeAllows(fitted, inTime, ask(0));
  const again = asTimeAllows(older, inTime, ask(fitted.length));
  asking.end(`${fresh.length + again.length} of ${asked.length}`);
  const mixing = progress.stage('blend of the recommenders');
  const under = ways.map((_, way) => ({
    fresh: fresh.map((of) => of[way]!),
    older: again.map((of) => of[way]!),
  }));
  const before = earlier && {
    blend: earlier.blend,
    worths: await earlier.worths(choosing.slice(0, again.length)),
    mayForget: options.mayForget,
  };
  const { way, blend, quality } = chooseBlend(under, available, before);
  const { counted, tables: judged } = ways[way]!;
  const cases = under[way]!.fresh;
  mixing.end(`quality ${quality.toFixed(3)}`);
  const serving = progress.stage('counting for serving');
  const late = options.deadline() < once;
  const counts = late
    ? judged
    : countTables(withoutAnswers(catalogue.trails, unanswered), rows, counted, undefined, remembered);
  serving.end(late ? 'no time to count the held-out days' : `${rows} products`);
  const { next, before: back, together, popularity, memory } = counts;
  const tables = { next, before: back, together, popularity };
  const periods =
    earlier &&
    (await periodQualities(earlier, models, { ...tables, blend }, fitted.slice(0, cases.length), quality));
  const report = {
    ...qualities(cases, blend, available),
    fades: Number(Number.isFinite(counted.halfLifeDays)),
    ...(options.deadline() > 2 * once
      ? { nearestSessions: nearestSessions(train, split.cases, catalogue, options) }
      : {}),
    ...periods,
  };
  if (periods !== undefined) options.progress.say(`  ${toldPeriods(periods)}`);
  return { recommend: { ...tables, blend }, memory, past, report };
}

/** Enough to see whether the blend falls behind: a hit rate of 30 % to 2 points. */
const NEAREST_CASES = 500;

/** The same measure of what is not released: nearest sessions. */
function nearestSessions(
  train: readonly Trail[],
  cases: Split['cases'],
  { products, rowOf }: EncoderModels['catalogue'],
  { deadline, progress }: Pick<TrainingOptions, 'deadline' | 'progress'>,
): number {
  const asked = cases.slice(0, NEAREST_CASES);
  const stage = progress.stage('nearest sessions, to compare', asked.length);
  const knn = new SessionKnn(train, products.length);
  const worths = asTimeAllows(asked, deadline, ({ history, target }, place) => {
    stage.update(place);
    const scores = knn.scores(recentRows(history, rowOf));
    const own = scores[target]!;
    return worthOf(own > 0 ? scores.reduce((rank, score) => rank + Number(score >= own), 0) : scores.length);
  });
  stage.end(`${worths.length} cases`);
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
