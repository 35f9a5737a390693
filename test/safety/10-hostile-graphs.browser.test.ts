import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensors, writeTensors } from '../../shared/tensors.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { type Field, node, onnxModel, tensor, WEIGHTS } from '../helpers/onnx-writer.ts';
import { openPage } from '../helpers/open-page.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';
import { decisionOn, withFile } from '../helpers/release-visit.ts';

let shop: ReleaseShop;
let good: Fixture;

beforeAll(async () => {
  shop = await openReleaseShop('data-ort');
  good = await bundleFixture({ key: shop.key, version: 1, onnx: true });
});

afterAll(() => shop?.close());

/** The tier and the complaints of a first visit, once the graphs have been opened or refused. */
async function tierWith(fixture: Fixture): Promise<{ tier: string | undefined; notes: string }> {
  const { servers, browser } = shop;
  servers.publish(fixture);
  const { page, context } = await openPage(browser, servers.page);
  let last = await decisionOn(page);
  await expect
    .poll(
      async () => {
        last = await decisionOn(page);
        return last.tier === 'ort-wasm' || last.notes.length > 0;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(true);
  await context.close();
  return { tier: last.tier, notes: last.notes.join() };
}

const EXTERNAL: Field[] = [
  [
    13,
    [
      [1, 'location'],
      [2, 'weights.bin'],
    ],
  ],
  [14, 1],
];

describe('safety 10 in Chromium: a rightly signed, hostile release', () => {
  it('is told from a good one, which reaches ONNX Runtime', async () => {
    expect(await tierWith(good)).toEqual({ tier: 'ort-wasm', notes: '' });
  });

  for (const [what, graph, complaint] of [
    ['external data', onnxModel({ tensors: [[...tensor('w', [2, 2], WEIGHTS), ...EXTERNAL]] }), 'field 13'],
    [
      'an operator of no list',
      onnxModel({ nodes: [node('Loop', ['x', 'w'], ['y'])] }),
      'operator of the list',
    ],
    ['huge dimensions', onnxModel({ tensors: [tensor('w', [2 ** 31, 2 ** 31], WEIGHTS)] }), 'sizes from 0'],
    [
      'NaN',
      onnxModel({ tensors: [tensor('w', [1], new Uint8Array(Float32Array.of(Number.NaN).buffer))] }),
      'finite',
    ],
  ] as const) {
    it(`is refused before a session exists for ${what}, and the kernels go on`, async () => {
      const { tier, notes } = await tierWith(await withFile(good, 'head-onnx', graph));
      expect(tier).toBe('kernels');
      expect(notes).toContain(complaint);
    });
  }

  it('shows the default for weights that are not numbers, and for tensors beyond their file', async () => {
    const { servers, visit } = shop;
    const { sha256 } = good.signed.signed.files.find(({ role }) => role === 'first-tensors')!;
    const bytes = good.files.get(sha256)!;
    const tensors = readTensors(bytes.slice());
    const name = Object.keys(tensors).find((each) => tensors[each]!.data instanceof Float32Array)!;
    tensors[name]!.data.fill(Number.NaN);
    servers.publish(await withFile(good, 'first-tensors', writeTensors(tensors)));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
    servers.publish(await withFile(good, 'first-tensors', bytes.subarray(0, bytes.length - 4096)));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
  });
});
