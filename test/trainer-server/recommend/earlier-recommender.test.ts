import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { seeded } from '../../../shared/random.ts';
import { recommendScores } from '../../../shared/recommend/recommend.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { type EncoderModels, trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { PAST_FILE, readPast } from '../../../trainer-server/recommend/past.ts';
import { type Bundle, openBundle } from '../../../trainer-server/release/bundle.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { smallTraining } from '../../helpers/ring-shop.ts';

const DAY = 86_400_000;
const START = 1_700_000_000_000;

/** Walks around a ring of ids, always to the next: visitors of one period never come in another. */
function walks(ids: readonly string[], day: number, visitors = 200): BehaviourEvent[] {
  const random = seeded(`${ids[0]} ${day}`);
  return Array.from({ length: visitors }, (_, i) => {
    const from = random.int(ids.length);
    return Array.from(
      { length: 5 },
      (_, step): BehaviourEvent => ({
        visitor: `d${day}-${String(i).padStart(4, '0')}`,
        name: 'view_item',
        sku: ids[(from + step) % ids.length]!,
        ts: START + day * DAY + i * 60_000 + step * 20_000,
      }),
    );
  }).flat();
}

const ring = (name: string): string[] => Array.from({ length: 12 }, (_, i) => `${name}${i}`);
const [old, fresh] = [ring('old'), ring('new')];
const options = { ...smallTraining('periods'), only: ['recommend' as const] };
const train = (events: BehaviourEvent[], from?: Bundle) =>
  trainEncoders({ products: [], events, pairs: [] }, { ...options, ...(from && { from }) });

const next = ({ catalogue, recommend, vectors }: EncoderModels, sku: string): string | undefined => {
  const rows = catalogue.products.length;
  const recommender = {
    rows,
    ...recommend!,
    vectors: { width: vectors.length / rows, data: vectors },
    rowOf: catalogue.rowOf,
  };
  const [first] = topRows(
    recommendScores(recommender, { history: [{ visitor: '', name: 'view_item', sku }] }),
    1,
  );
  return catalogue.products[first!]?.sku;
};

let folder: string;
let from: Bundle;
let first: EncoderModels;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'periods-'));
  first = await train(walks(old, 0));
  await writeEncoderBundle(join(folder, 'first'), first);
  from = await openBundle(join(folder, 'first'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a release that goes on from another on newer data alone', () => {
  it('learns the new period and keeps the old one, and says so', async () => {
    const models = await train(walks(fresh, 30), from);
    expect(models.catalogue.products).toHaveLength(24);
    for (const walk of [old, fresh])
      expect(walk.map((sku) => next(models, sku))).toEqual([...walk.slice(1), walk[0]]);
    const { report } = models;
    expect(report.recommend_forgetting).toBeLessThan(0.02);
    expect(report.recommend_oldPeriodBefore).toBeGreaterThan(1.5);
    // The release before knows none of the new products.
    expect(report.recommend_newPeriodBefore).toBe(0);
    expect(report.recommend_newPeriodAfter).toBeGreaterThan(1.5);
  }, 30_000);

  it('knows nothing of the old period without the release before', async () => {
    const models = await train(walks(fresh, 30));
    expect(models.catalogue.rowOf('old0')).toBeUndefined();
    expect(models.report).not.toHaveProperty('recommend_forgetting');
  }, 30_000);

  it('counts once what the new log holds again', async () => {
    const whole = [...walks(old, 0), ...walks(fresh, 30)];
    const models = await train(whole, from);
    const plain = await train(whole);
    expect(models.recommend!.next).toEqual(plain.recommend!.next);
    expect(models.recommend!.popularity).toEqual(plain.recommend!.popularity);
  }, 30_000);

  it('leaves neither names nor dates with the release', async () => {
    const { visits, choosing, asked } = readPast(await from.trainerFile(PAST_FILE));
    expect(visits.length).toBeGreaterThan(100);
    expect(asked.length).toBeGreaterThan(5);
    const histories = [...visits, ...choosing.map(({ history }) => history)];
    for (const event of [...histories, ...asked.map(({ history }) => history)].flat()) {
      expect(event.visitor).toBe('');
      expect(event.ts!).toBeLessThan(DAY);
      expect(event.query).toBeUndefined();
    }
  });
});
