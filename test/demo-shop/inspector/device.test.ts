import { describe, expect, it } from 'vitest';
import { barsOf, readDevice } from '../../../demo-shop/inspector/device.ts';
import { reasonText } from '../../../demo-shop/inspector/reasons.ts';
import type { Explanation, PromoEdge } from '../../../sdk/index.ts';

const explanation = (change: Partial<Explanation> = {}): Explanation => ({
  id: 'd1',
  slot: 'cart',
  ts: 1,
  action: 'b',
  propensity: 0.7,
  values: { a: -10, b: 30, c: 5 },
  eligible: ['b', 'a'],
  probabilities: [0.7, 0.3],
  reasons: [],
  tier: 'kernels',
  release: 3,
  events: 4,
  ms: 1,
  ...change,
});

describe('values as bars', () => {
  it('share one scale that holds zero, best first, the chosen one marked', () => {
    // The scale runs from -10 to 30: zero lies at a quarter.
    expect(barsOf(explanation())).toEqual([
      { label: 'b', value: 30, probability: 0.7, chosen: true, from: 0.25, width: 0.75 },
      { label: 'c', value: 5, probability: undefined, chosen: false, from: 0.25, width: 0.125 },
      { label: 'a', value: -10, probability: 0.3, chosen: false, from: 0, width: 0.25 },
    ]);
  });

  it('stand where every value is the same, and where there is none', () => {
    expect(barsOf(explanation({ values: { a: 0, b: 0 } })).map((bar) => bar.width)).toEqual([0, 0]);
    expect(barsOf(explanation({ values: {} }))).toEqual([]);
  });
});

describe('what the device knows', () => {
  it('is read newest first, decisions that were forgotten left out', async () => {
    const edge = {
      ready: async () => ({ ms: 90, tier: 'kernels' }),
      exportData: async () => ({
        events: [
          { ts: 1, name: 'view_item', sku: 'a' },
          { ts: 2, name: 'search', query: 'tea' },
          { ts: 3, name: 'purchase', items: [{ sku: 'a' }, { sku: 'b' }] },
        ],
        decisions: [{ id: 'old' }, { id: 'gone' }, { id: 'new' }],
        release: 3,
      }),
      explain: async (id: string) =>
        id === 'gone' ? undefined : explanation({ id, ts: id === 'new' ? 9 : 1 }),
    } as unknown as PromoEdge;
    const device = await readDevice(edge);
    expect(device.decisions.map((decision) => decision.id)).toEqual(['new', 'old']);
    expect(device.events.map((event) => event.about)).toEqual(['a, b', 'tea', 'a']);
    expect(device.ready).toEqual({ ms: 90, tier: 'kernels', release: 3 });
  });

  it('is empty where the SDK has nothing', async () => {
    const edge = {
      ready: async () => ({ ms: 5 }),
      exportData: async () => undefined,
    } as unknown as PromoEdge;
    expect(await readDevice(edge)).toMatchObject({
      decisions: [],
      events: [],
      consent: { measurement: 'pending' },
    });
  });
});

describe('reasons in words', () => {
  it('name the promotion and the figures', () => {
    expect(reasonText({ code: 'not-scheduled', promotion: 'light-week' })).toBe(
      'light-week: masked, outside its schedule',
    );
    expect(reasonText({ code: 'explored', promotion: 'a', detail: { best: 'b' } })).toMatch(
      /b has the highest/,
    );
    expect(reasonText({ code: 'best', promotion: 'a', detail: { lead: 1.234 } })).toMatch(/by 1\.23$/);
  });

  it('show a code without words as it is', () => {
    expect(reasonText({ code: 'brand-new', promotion: 'a' })).toBe('brand-new: a');
  });
});
