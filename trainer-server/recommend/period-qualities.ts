/** What a release that goes on from another forgot and what it learned. */

import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { encodeHistories } from '../encoders/encode-histories.ts';
import type { EncoderModels } from '../encoders/models.ts';
import { type EarlierRecommender, worthsOf } from './earlier-recommender.ts';
import type { Split } from './held-out.ts';

/** hit@10 + reciprocal rank within 20 of the release before and of this one. */
export interface PeriodQualities {
  oldPeriodBefore: number;
  oldPeriodAfter: number;
  /** Relative loss on the old period; 0 where there is none. */
  forgetting: number;
  /** Ends of its 95 % interval over the questions, negative where quality was gained; 0 without questions. */
  forgettingLow: number;
  forgettingHigh: number;
  oldPeriodQuestions: number;
  newPeriodBefore: number;
  newPeriodAfter: number;
}

/**
 * How this release and the one before do on the old and the new period. No count holds the questions of either.
 * @param now quality on the new period's cases
 */
export async function periodQualities(
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
  const before = await earlier.worths(earlier.past.asked);
  const after = worthsOf(served, earlier.past.asked, (i) => states?.subarray(i * width, (i + 1) * width));
  return {
    ...forgotten(before, after),
    newPeriodBefore: mean(await earlier.worths(asked)),
    newPeriodAfter: now,
  };
}

/** What was lost of each old question's worth, paired, so that easy and hard questions do not count as noise. */
export function forgotten(
  before: readonly number[],
  after: readonly number[],
): Omit<PeriodQualities, 'newPeriodBefore' | 'newPeriodAfter'> {
  const [was, is] = [mean(before), mean(after)];
  const relative = (loss: number): number => (was === 0 ? 0 : loss / was);
  const lost = was - is;
  const losses = before.map((worth, i) => worth - after[i]!);
  const variance = mean(losses.map((loss) => (loss - lost) ** 2));
  const error = 1.96 * Math.sqrt(variance / Math.max(1, losses.length));
  return {
    oldPeriodBefore: was,
    oldPeriodAfter: is,
    forgetting: Math.max(0, relative(lost)),
    forgettingLow: relative(lost - error),
    forgettingHigh: relative(lost + error),
    oldPeriodQuestions: before.length,
  };
}

/** One line for the log. */
export function toldPeriods(told: PeriodQualities): string {
  const [oldBefore, oldAfter, newBefore, newAfter] = [
    told.oldPeriodBefore,
    told.oldPeriodAfter,
    told.newPeriodBefore,
    told.newPeriodAfter,
  ].map((quality) => quality.toFixed(3));
  const [lost, low, high] = [told.forgetting, told.forgettingLow, told.forgettingHigh].map((share) =>
    (100 * share).toFixed(1),
  );
  const certainty = `${told.oldPeriodQuestions} questions, 95 %: ${low} to ${high}`;
  return `old period ${oldBefore} -> ${oldAfter} (${lost} % forgotten; ${certainty}), new period ${newBefore} -> ${newAfter}`;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
