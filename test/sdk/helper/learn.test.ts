import { describe, expect, it } from 'vitest';
import { learnHere } from '../../../sdk/helper/learn.ts';
import type { Model } from '../../../sdk/model.ts';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';
import type { PublicPromotion } from '../../../shared/bundle.ts';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { ADAPTING } from '../../helpers/bundle-fixture.ts';

const PROMOTIONS: PublicPromotion[] = [
  { id: 'tea-20', terms: { type: 'percentage', percent: 20 } },
  { id: 'free-shipping', terms: { type: 'free_shipping' } },
];
const NOW = 10 * ADAPTING.windowMs;

const model = (adaptation?: typeof ADAPTING) =>
  ({
    meta: { promotions: PROMOTIONS, ...(adaptation && { adaptation }) },
    release: { manifest: { version: 7 } },
  }) as unknown as Pick<Model, 'meta' | 'release'>;

const shown = (ts: number, action: string, exposed = true): DecisionRecord =>
  ({ id: `${ts}`, ts, exposed, decision: { action } }) as DecisionRecord;

const event = (ts: number, name: BehaviourEvent['name'], promotion?: string): BehaviourEvent => ({
  visitor: 'device',
  ts,
  name,
  ...(promotion === undefined ? {} : { promotion }),
});

async function learned(records: DecisionRecord[], events: BehaviourEvent[]) {
  const store = memoryStore();
  await store.putDecisions(records);
  await store.addEvents(events);
  return (await learnHere(model(ADAPTING), store, NOW))!;
}

describe('the helper', () => {
  it('learns nothing for a release that has devices learn nothing', async () => {
    expect(await learnHere(model(), memoryStore(), NOW)).toBeUndefined();
  });

  it('learns from what was seen that what sells is worth more, under the release it has', async () => {
    const bought = [event(10, 'select_promotion', 'tea-20'), event(20, 'purchase')];
    const { release, by } = await learned([shown(0, 'tea-20'), shown(50, 'free-shipping')], bought);
    expect(release).toBe(7);
    expect(by['tea-20']).toBeGreaterThan(1);
    expect(by['free-shipping']).toBeLessThan(by['tea-20']!);
  });

  it('learns nothing from an offer that nobody saw, and nothing yet from one whose window is open', async () => {
    const nothing = (await learned([], [])).by;
    expect((await learned([shown(0, 'tea-20', false)], [event(20, 'purchase')])).by).toEqual(nothing);
    expect((await learned([shown(NOW - 5, 'tea-20')], [event(NOW - 2, 'purchase')])).by).toEqual(nothing);
  });
});
