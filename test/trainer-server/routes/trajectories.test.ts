import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trajectory } from '../../../shared/feedback.ts';
import type { Store } from '../../../trainer-server/store/store.ts';
import type { Fixture } from '../../helpers/bundle-fixture.ts';
import { storeWithFixture, trajectory } from '../../helpers/device.ts';
import type { Row } from '../../helpers/import-here.ts';
import { type Served, serveStore } from '../../helpers/served.ts';

let store: Store;
let fixture: Fixture;
let served: Served;

beforeAll(async () => {
  ({ store, fixture } = await storeWithFixture());
  served = await serveStore(store, new Map(), { maxBodyBytes: 200_000 });
});
afterAll(() => served.stop());

const post = (body: string | Uint8Array, site = 'demo'): Promise<Response> =>
  fetch(`${served.url}/s/${site}/trajectories`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: body as BodyInit,
  });
const send = async (...trajectories: unknown[]): Promise<[number, Row]> => {
  const response = await post(JSON.stringify({ format: 1, trajectories }));
  return [response.status, await response.json()];
};

describe('POST /s/:site/trajectories', () => {
  it('takes what the published release would have decided, whichever engine the device ran', async () => {
    const lines = [
      ...(await Promise.all(['a1', 'a2', 'a3', 'a4', 'a5'].map((id) => trajectory(fixture, id)))),
      ...(await Promise.all(['b1', 'b2', 'b3'].map((id) => trajectory(fixture, id, { tier: 'js' })))),
    ];
    expect(await send(...lines)).toEqual([200, { accepted: 8, duplicates: 0, rejected: [] }]);
    expect([...store.trajectories.lines('demo')].map((line) => JSON.parse(line.body))).toEqual(lines);
  });

  it('counts a line once, however often it is sent', async () => {
    const line = await trajectory(fixture, 'once');
    expect(await send(line, line)).toEqual([200, { accepted: 1, duplicates: 1, rejected: [] }]);
    expect(await send(line)).toEqual([200, { accepted: 0, duplicates: 1, rejected: [] }]);
  });

  it('replays the masks of what the shopper said no to, and notices where that is left out', async () => {
    const dismissed = ['ten-off', 'tea-20', 'free-shipping'];
    const line = await trajectory(fixture, 'refused', { dismissed });
    // Only `none` is left, with certainty.
    expect([line.action, line.propensity]).toEqual(['none', 1]);
    expect(await send(line)).toEqual([200, { accepted: 1, duplicates: 0, rejected: [] }]);
    const { dismissed: _, ...without } = line;
    const [status, body] = await send({ ...without, id: 'silent' });
    expect([status, body.error.field]).toEqual([422, 'propensity']);
  });

  const forgeries: [string, (line: Trajectory) => Trajectory, string][] = [
    ['a better propensity', (line) => ({ ...line, propensity: line.propensity / 2 }), 'propensity'],
    ['another history', (line) => ({ ...line, history: [] }), 'propensity'],
    ['a release that never was', (line) => ({ ...line, release: 99 }), 'release'],
    ['another feature version', (line) => ({ ...line, featureVersion: 999 }), 'featureVersion'],
    ['an action out of thin air', (line) => ({ ...line, action: 'free-everything' }), 'action'],
    ['an impossible event', (line) => ({ ...line, after: [{ name: 'teleport' }] }), 'name'],
  ];
  for (const [what, forge, field] of forgeries) {
    it(`rejects ${what}`, async () => {
      const [status, body] = await send(forge(await trajectory(fixture, 'forged')));
      expect([status, body.error.field]).toEqual([422, field]);
      expect(store.trajectories.find('demo', 'forged')).toBeUndefined();
    });
  }

  it('rejects a seed that draws another action', async () => {
    const line = await trajectory(fixture, 'seeded');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send({ ...line, id: `s${i}`, seed: `other ${i}` })),
    );
    // A share of 1 - p of random seeds draws something else.
    expect(answers.filter(([status]) => status === 422).length).toBeGreaterThan(0);
    for (const [status, body] of answers) if (status === 422) expect(body.error.field).toBe('seed');
  });

  it('takes the good lines of a batch and names the bad ones', async () => {
    const good = await trajectory(fixture, 'good');
    const [status, body] = await send({ ...good, id: 'bad', propensity: 0.001 }, good);
    expect([status, body.accepted]).toEqual([200, 1]);
    expect(body.rejected).toMatchObject([{ id: 'bad', field: 'propensity' }]);
  });

  it('names the field of a batch of the wrong shape', async () => {
    const [status, body] = await send({ ...(await trajectory(fixture, 'x')), propensity: 2 });
    expect([status, body.error.code, body.error.field]).toEqual([
      400,
      'bad-input',
      'trajectories.0.propensity',
    ]);
  });

  for (const [what, body] of [
    ['malformed JSON', '{"format":1,'],
    ['an empty body', ''],
    ['bytes that are not UTF-8', Uint8Array.from([0x22, 0xff, 0xfe, 0x22])],
    ['two hundred thousand brackets', '['.repeat(199_000)],
    ['a number beyond all bounds', '{"format":1e400,"trajectories":[]}'],
    ['a reach for the prototype', '{"format":1,"trajectories":[{"__proto__":{"polluted":1}}]}'],
    ['a reach for the constructor', '{"constructor":{"prototype":{"polluted":1}}}'],
  ] as const) {
    it(`answers ${what} with 400 and keeps prototypes clean`, async () => {
      const response = await post(body);
      const { error } = await response.json();
      expect([response.status, error.code]).toEqual([400, 'malformed']);
      expect(JSON.stringify(error)).not.toMatch(/\bat .*\.ts|node_modules/);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    });
  }

  it('stops reading at the limit', async () => {
    const response = await post(`"${'x'.repeat(300_000)}"`);
    expect([response.status, (await response.json()).error.code]).toEqual([413, 'too-large']);
  });

  it('knows no site without a release', async () => {
    const response = await post(
      JSON.stringify({ format: 1, trajectories: [await trajectory(fixture, 'y')] }),
      'other',
    );
    expect([response.status, (await response.json()).error.code]).toEqual([404, 'no-release']);
  });

  it('answers every body with a status below 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        expect((await post(body)).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
    expect(served.log).toEqual([]);
  });

  it('lets pages of any origin send, without credentials', async () => {
    const response = await fetch(`${served.url}/s/demo/trajectories`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
