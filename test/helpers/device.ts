/** A consenting device, as far as the server can see one: it decides with published bytes and reports it. */

import { join } from 'node:path';
import type { FirstMeta } from '../../shared/bundle.ts';
import { decide } from '../../shared/decide.ts';
import { readRequest, type ShopperFields } from '../../shared/decision.ts';
import { decisionModelOf } from '../../shared/decision-model.ts';
import type { Engine } from '../../shared/engine.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import { seeded } from '../../shared/random.ts';
import { readTensors } from '../../shared/tensors.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { bundleFixture, type Fixture, type FixtureOptions } from './bundle-fixture.ts';
import { temporaryFolder } from './import-here.ts';

export const THEN = Date.UTC(2025, 10, 3, 12);

/** A store whose site `demo` runs the fixture. */
export async function storeWithFixture(
  options: FixtureOptions = {},
): Promise<{ store: Store; fixture: Fixture; database: string }> {
  const dir = temporaryFolder();
  const store = openStore(dir);
  const fixture = await bundleFixture(options);
  for (const [sha256, bytes] of fixture.files) {
    store.releases.addFile({ sha256, mediaType: 'application/octet-stream', bytes });
  }
  const manifest = JSON.stringify(fixture.signed);
  store.releases.publish({ site: 'demo', version: fixture.signed.signed.version, manifest, published: THEN });
  return { store, fixture, database: join(dir, 'promo-edge.sqlite') };
}

const ELIGIBLE = ['none', 'ten-off', 'tea-20', 'free-shipping'];

/** Decides as the SDK does and gives the line it would send. */
export async function trajectory(
  { signed, files }: Fixture,
  id: string,
  {
    tier = 'kernels',
    visitor = 'v1',
    ...shopper
  }: { tier?: 'kernels' | 'js'; visitor?: string } & ShopperFields = {},
): Promise<Trajectory> {
  const bytes = (path: string): Uint8Array =>
    files.get(signed.signed.files.find((file) => file.path === path)!.sha256)!;
  const meta = JSON.parse(new TextDecoder().decode(bytes('first.json'))) as FirstMeta;
  const tensors = readTensors(bytes('first.safetensors'));
  const engine: Engine =
    tier === 'js'
      ? jsEngineFromFirst(meta, tensors)
      : await engineFromFirst(meta, tensors, await compileKernels());
  const history = [
    { ts: THEN - 60_000, name: 'view_item', sku: 'p3' },
    { ts: THEN - 30_000, name: 'add_to_cart', sku: 'p4', items: [{ sku: 'p4', quantity: 2, price: 2.48 }] },
  ];
  const cart = [{ sku: 'p4', quantity: 2, price: 2.48 }];
  const request = readRequest(
    { id, ts: THEN, slot: 'home', history, cart, eligible: ELIGIBLE, ...shopper },
    'EUR',
  );
  const seed = `seed-${id}`;
  const model = decisionModelOf(meta, meta.products, signed.signed);
  const decision = await decide(request, model, engine, { random: seeded(seed), clock: () => 0 });
  return {
    ...{ id, ts: THEN, visitor, slot: 'home', history, cart, eligible: ELIGIBLE, seed, tier, ...shopper },
    action: decision.action,
    propensity: decision.propensity,
    release: signed.signed.version,
    featureVersion: FEATURE_VERSION,
    exposed: true,
    after: [
      { ts: THEN + 90_000, name: 'purchase', items: [{ sku: 'p4', quantity: 2, price: 2.48 }], value: 4.96 },
    ],
  };
}
