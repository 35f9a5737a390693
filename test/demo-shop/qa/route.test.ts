import { describe, expect, it } from 'vitest';
import type { Loop } from '../../../demo-shop/qa/loop.ts';
import type { RoundOrder, RoundState } from '../../../demo-shop/qa/round.ts';
import { qaRoute } from '../../../demo-shop/qa/route.ts';

const started: RoundOrder[] = [];
const loop = {
  busy: false,
  round: undefined,
  start(order: RoundOrder): RoundState {
    started.push(order);
    return { number: 1, order, step: 'import', lines: [], seconds: 0, took: {} };
  },
} as unknown as Loop;

const down = { manifest: () => Promise.reject(new Error('down')) };
const app = qaRoute({ loop, client: down, endpoint: 'http://127.0.0.1:1', site: 'demo' });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  app.request('/api/qa/rounds', { method: 'POST', body: JSON.stringify(body), headers });

describe('the loop over HTTP', () => {
  it('says that no trainer answers, and goes on', async () => {
    expect(await (await app.request('/api/qa/state')).json()).toEqual({});
  });

  it('starts a round as it was asked for, and none of another size or by a page of another origin', async () => {
    const order = { from: 'running', crowd: 2_000, world: 'seasonal', seconds: 60 };
    expect((await post(order)).status).toBe(202);
    for (const bad of [
      { ...order, crowd: -1 },
      { ...order, crowd: 1e9 },
      { ...order, world: 'x' },
      { ...order, from: 'nowhere' },
      { ...order, seconds: 0.5 },
      7,
    ])
      expect((await post(bad)).status).toBe(400);
    expect((await post(order, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(order, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect(started).toEqual([order]);
  });
});
