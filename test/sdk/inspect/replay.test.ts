import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../../sdk/api.ts';
import { unitOf } from '../../../sdk/inspect/feature-unit.ts';
import { type OpenedRelease, openRelease, replay, useRelease } from '../../../sdk/inspect/index.ts';
import { decideSlot } from '../../../sdk/worker/decide.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { CONTEXT_GROUPS } from '../../../shared/features/context.ts';
import type { Store } from '../../../trainer-server/store/store.ts';
import { bundleFixture, type Fixture } from '../../helpers/bundle-fixture.ts';
import { storeWithFixture } from '../../helpers/device.ts';
import { type Served, serveStore } from '../../helpers/served.ts';

const TS = Date.UTC(2026, 4, 5, 12);
const HISTORY: BehaviourEvent[] = [
  { visitor: 'device', name: 'view_item', ts: TS - 60_000, sku: 'p3' },
  { visitor: 'device', name: 'view_item', ts: TS - 30_000, sku: 'p200' },
];

let store: Store;
let fixture: Fixture;
let trainer: Served;
let one: OpenedRelease;
let two: OpenedRelease;

beforeAll(async () => {
  ({ store, fixture } = await storeWithFixture());
  // A budget that is scarce: a price of 0.5 for one promotion, whose cost on the release's scale is the seed.
  const next = await bundleFixture({ key: fixture.key, version: 2, seed: 9, manifest: { budgetPrice: 0.5 } });
  for (const [sha256, bytes] of next.files)
    store.releases.addFile({ sha256, mediaType: 'application/octet-stream', bytes });
  store.releases.publish({ site: 'demo', version: 2, manifest: JSON.stringify(next.signed), published: TS });
  trainer = await serveStore(store);
  [one, two] = await Promise.all([openRelease(options(), 1), openRelease(options())]);
});

afterAll(() => trainer?.stop());

const options = () => ({ siteKey: 'demo', endpoint: trainer.url, keys: [fixture.key.publicKey] });

function decided(
  { whole, first }: OpenedRelease,
  files: 'whole' | 'first' = 'whole',
): Promise<DecisionRecord> {
  const { model, engine } = files === 'whole' ? whole : first;
  const asked = { id: 'd1', slot: 'cart', options: {}, history: HISTORY, ts: TS, seed: '0123456789abcdef' };
  return decideSlot({ ...asked, consented: false, heldOut: false }, model, engine, () => 0);
}

describe('a release opened for looking', () => {
  it('is the running one, or any that was published', () => {
    expect([one.version, two.version, one.expired]).toEqual([1, 2, false]);
  });

  it('is refused where another key signed it, and where there is none of that version', async () => {
    const stranger = { ...options(), keys: ['00'.repeat(32)] };
    await expect(openRelease(stranger, 1)).rejects.toMatchObject({ name: 'Untrusted' });
    await expect(openRelease(options(), 3)).rejects.toThrow(/expected 200, got 404/);
  });
});

describe('a replay', () => {
  it('gives the very answer that was kept, by whichever files decided then', async () => {
    for (const files of ['whole', 'first'] as const) {
      const again = await replay(await decided(one, files), one);
      expect(again).toMatchObject({ same: true, largest: 0, files });
    }
  });

  it('says where an answer is another one', async () => {
    const kept = await decided(one);
    const altered = { ...kept, decision: { ...kept.decision, propensity: kept.decision.propensity / 2 } };
    expect((await replay(altered, one)).same).toBe(false);
    const other = await replay(kept, two);
    expect(other.release).toBe(2);
    expect(other.largest).toBeGreaterThan(0);
  });

  it('names the numbers that entered, with what they measure', async () => {
    const { features } = await replay(await decided(one), one);
    const [group, name, unit] = ['behaviour', 'view_item.count', 'ln(1 + n) / 2'];
    const views = features.find((feature) => feature.name === name)!;
    expect(views).toMatchObject({ group, unit });
    expect(views.value).toBeCloseTo(Math.log(3) / 2, 6);
    const { spec } = one.whole.model.decision;
    const all = CONTEXT_GROUPS.flatMap(({ name: group, names }) =>
      names(spec).map((one) => [group, one] as const),
    );
    expect(all.filter(([group, name]) => unitOf(group, name) === '')).toEqual([]);
  });

  it('says what the price of budget took off, and whether that changed the best', async () => {
    const free = await replay(await decided(one), one);
    expect(free.budget).toMatchObject({ price: 0, taken: {} });
    expect(free.budget.best).toBe(free.budget.bestFree);
    const scarce = (await replay(await decided(two), two)).budget;
    expect(scarce).toMatchObject({ price: 0.5, taken: { 'ten-off': 4.5 } });
    expect(scarce.best).not.toBe('ten-off');
  });
});

describe('another release on the page', () => {
  it('chooses for every later decision, and no longer after going back', async () => {
    const forced: (readonly [string, string | null])[] = [];
    const asked: string[] = [];
    const edge = {
      exportData: async () => ({ events: HISTORY }),
      override: (slot: string, action: string | null) => void forced.push([slot, action]),
      decideAll: async (slots: readonly string[]) => {
        asked.push(...slots);
        return [];
      },
    } as unknown as PromoEdge;
    const before = edge.decideAll;
    const back = useRelease(edge, two, 'best');
    await edge.decideAll(['home', 'cart'], { eligible: ['ten-off', 'tea-20'] });
    // One costs more budget than it is worth; the other slot shows what is left.
    expect(forced).toEqual([
      ['home', 'tea-20'],
      ['cart', 'ten-off'],
    ]);
    back();
    expect(edge.decideAll).toBe(before);
    expect(forced.slice(2)).toEqual([
      ['home', null],
      ['cart', null],
    ]);
    expect(asked).toEqual(['home', 'cart']);
  });
});
