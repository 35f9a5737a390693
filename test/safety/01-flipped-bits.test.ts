import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { releaseDevice } from '../helpers/release-device.ts';
import { flipped } from '../helpers/release-visit.ts';
import { keySet } from '../helpers/roots.ts';
import { signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

const key = signingKey();
const one = await bundleFixture({ key, version: 1, seed: 1, products: 40 });
const two = await bundleFixture({ key, version: 2, seed: 2, products: 40 });

/** A device that runs release 1, every byte of which is on it. */
async function runningOne() {
  const made = releaseDevice({ root: keySet([key]), now: Date.now() });
  await made.offer(one);
  await made.releases.idle();
  return made;
}

it('safety 1: whichever bit of a manifest is flipped, the last known good release stays', async () => {
  const { releases, complaints, files } = await runningOne();
  for (const [hash, bytes] of two.files) files.set(hash, bytes);
  const text = Buffer.from(JSON.stringify(two.signed));
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length * 8 - 1), async (bit) => {
      complaints.length = 0;
      await releases.offer(new TextDecoder().decode(flipped(text, bit)));
      expect(releases.current?.manifest.version).toBe(1);
      expect(releases.refusal()).toBeUndefined();
      expect(complaints).toHaveLength(1);
    }),
    { numRuns: 500 },
  );
  // The text itself was good: not flipped, it is taken.
  await releases.offer(text.toString());
  expect(releases.current?.manifest.version).toBe(2);
});

it('safety 1: whichever bit of whichever file is flipped, the last known good release stays', async () => {
  const { releases, complaints, files } = await runningOne();
  const hashes = [...two.files.keys()];
  const text = JSON.stringify(two.signed);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...hashes), fc.nat(), async (hash, at) => {
      for (const [each, bytes] of two.files) files.set(each, bytes);
      const bytes = two.files.get(hash)!;
      files.set(hash, flipped(bytes, at % (bytes.length * 8)));
      complaints.length = 0;
      await releases.offer(text);
      expect(releases.current?.manifest.version).toBe(1);
      expect(complaints.join()).toContain('expected SHA-256');
    }),
    { numRuns: 150 },
  );
});

it('safety 1: whichever bit of a kept file is flipped, it is not used after a restart, and is fetched anew', async () => {
  const { store, files } = await runningOne();
  const kept = (await store.release())!;
  const [hash] = [...kept.files.keys()].slice(1);
  await fc.assert(
    fc.asyncProperty(fc.nat(kept.files.get(hash!)!.length * 8 - 1), async (bit) => {
      const damaged = new Map(kept.files).set(hash!, flipped(kept.files.get(hash!)!, bit));
      await store.commitRelease({ manifest: kept.manifest, files: damaged });
      const restarted = releaseDevice({ root: keySet([key]), store, now: Date.now() });
      await restarted.releases.restore();
      expect(restarted.releases.current).toBeUndefined();
      for (const [each, bytes] of files) restarted.files.set(each, bytes);
      await restarted.offer(one);
      expect(restarted.releases.current?.manifest.version).toBe(1);
    }),
    { numRuns: 40 },
  );
});
