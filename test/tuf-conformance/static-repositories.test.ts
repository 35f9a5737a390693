import { expect, it } from 'vitest';
import type { SignedManifest } from '../../shared/manifest.ts';
import type { SignedRoot } from '../../shared/root.ts';
import { verifyFile, verifyManifest } from '../../shared/trust.ts';
import { followRoots, pinnedRoot } from '../../shared/trust-root.ts';
import type { TrustRoot } from '../../shared/trust-signatures.ts';
import format1 from '../cases/releases/format-1.json' with { type: 'json' };
import { nodeVerifier } from '../helpers/signing.ts';

/** As JSON alone: types of an import would hide what was written then. */
const published = JSON.parse(JSON.stringify(format1)) as {
  pin: TrustRoot;
  roots: SignedRoot[];
  manifest: SignedManifest;
  file: string;
};

it('a chain of roots and a release of format 1, signed long ago, are still believed (test_static_repository)', async () => {
  const { pin, roots, manifest, file } = published;
  const { root } = await followRoots(pinnedRoot(pin), 3, async (at) => roots[at - 1], nodeVerifier);
  const { created: now, featureVersion } = manifest.signed;
  const believed = await verifyManifest(manifest, { root: root.release, featureVersion, now }, nodeVerifier);
  expect(believed).toMatchObject({ version: 7, canaryShare: 0.25, stable: { version: 5 } });
  await verifyFile(Buffer.from(file), believed.files[0]!, nodeVerifier);
});
