import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Untrusted } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { verifyFile, verifyManifest } from '../../shared/trust.ts';
import { nodeVerifier, type SigningKey, signingKey, signManifest } from '../helpers/signing.ts';

const NOW = 1_700_000_000_000;
const bytes = new TextEncoder().encode('hello');
const file = {
  path: 'first.json',
  role: 'first-meta' as const,
  group: 'first' as const,
  // The SHA-256 of 'hello', from FIPS 180-4 implementations everywhere.
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  bytes: 5,
};
const manifest: Manifest = {
  format: 1,
  version: 7,
  featureVersion: 1,
  created: NOW - 1000,
  expires: NOW + 1000,
  mode: 'on',
  canaryShare: 1,
  budgetPrice: 0,
  files: [file],
  parts: ['policy'],
  parity: {},
};
const [alice, bob, eve] = [signingKey(), signingKey(), signingKey()];

const codeOf = async (
  raw: unknown,
  options: {
    keys?: SigningKey[];
    threshold?: number;
    seen?: { version: number; created: number };
    now?: number;
  } = {},
): Promise<string> => {
  const { keys = [alice], threshold = 1, seen, now = NOW } = options;
  const root = { keys: keys.map((key) => key.publicKey), threshold };
  try {
    await verifyManifest(raw, { root, seen, featureVersion: 1, now }, nodeVerifier);
    return 'trusted';
  } catch (error) {
    if (error instanceof Untrusted) return error.code;
    throw error;
  }
};

describe('verifyManifest', () => {
  it('believes a manifest signed by a pinned key', async () => {
    expect(await codeOf(await signManifest(manifest, [alice]))).toBe('trusted');
  });

  it('refuses every manifest in which one bit was flipped', async () => {
    const text = JSON.stringify(await signManifest(manifest, [alice]));
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const flipped =
          text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
        let raw: unknown;
        try {
          raw = JSON.parse(flipped);
        } catch {
          return;
        }
        expect(await codeOf(raw)).not.toBe('trusted');
      }),
      { numRuns: 400 },
    );
  });

  it('refuses a signature by a key that is not pinned, and an empty set of keys', async () => {
    const signed = await signManifest(manifest, [eve]);
    expect(await codeOf(signed)).toBe('signature');
    expect(await codeOf(signed, { keys: [] })).toBe('signature');
    expect(await codeOf(signed, { keys: [], threshold: 0 })).toBe('signature');
  });

  it('counts a key that signs twice, or is pinned twice, once', async () => {
    const twice = await signManifest(manifest, [alice, alice]);
    expect(await codeOf(twice, { keys: [alice, alice, bob], threshold: 2 })).toBe('signature');
    const both = await signManifest(manifest, [alice, bob]);
    expect(await codeOf(both, { keys: [alice, bob], threshold: 2 })).toBe('trusted');
  });

  it('refuses a lower version, and an earlier one of the same version', async () => {
    const signed = await signManifest(manifest, [alice]);
    expect(await codeOf(signed, { seen: { version: 8, created: 0 } })).toBe('rollback');
    expect(await codeOf(signed, { seen: { version: 7, created: NOW } })).toBe('rollback');
    expect(await codeOf(signed, { seen: { version: 7, created: NOW - 1000 } })).toBe('trusted');
    expect(await codeOf(signed, { seen: { version: 6, created: NOW } })).toBe('trusted');
  });

  it('refuses an expired manifest, to the millisecond', async () => {
    const signed = await signManifest(manifest, [alice]);
    expect(await codeOf(signed, { now: NOW + 999 })).toBe('trusted');
    expect(await codeOf(signed, { now: NOW + 1000 })).toBe('expired');
  });

  it('refuses another feature version', async () => {
    expect(await codeOf(await signManifest({ ...manifest, featureVersion: 2 }, [alice]))).toBe(
      'feature-version',
    );
  });

  it('refuses what is no manifest, two files of one role included', async () => {
    for (const raw of [null, [], {}, { signed: {}, signatures: [{}] }, 'x'])
      expect(await codeOf(raw)).toBe('format');
    for (const wrong of [
      { files: [file, file] },
      { version: 1.5 },
      { format: 2 },
      { files: [{ ...file, bytes: -1 }] },
    ])
      expect(await codeOf(await signManifest({ ...manifest, ...wrong } as Manifest, [alice]))).toBe('format');
  });

  it('covers fields that this version does not know by the signature', async () => {
    const signed = await signManifest({ ...manifest, later: 1 } as Manifest, [alice]);
    expect(await codeOf(signed)).toBe('trusted');
    expect(await codeOf({ ...signed, signed: { ...signed.signed, later: 2 } })).toBe('signature');
  });
});

describe('verifyFile', () => {
  it('accepts the bytes that were named and no others', async () => {
    await verifyFile(bytes, file, nodeVerifier);
    const flipped = bytes.slice();
    flipped[0]! ^= 1;
    await expect(verifyFile(flipped, file, nodeVerifier)).rejects.toMatchObject({ code: 'hash' });
    await expect(verifyFile(bytes.slice(1), file, nodeVerifier)).rejects.toMatchObject({ code: 'size' });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
  });
});
