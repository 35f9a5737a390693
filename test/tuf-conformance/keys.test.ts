import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SignedManifest } from '../../shared/manifest.ts';
import { followed, type Repository, repository } from '../helpers/release-repository.ts';
import { type SigningKey, signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

const keys = (count: number): SigningKey[] => Array.from({ length: count }, signingKey);

type Signature = SignedManifest['signatures'][number];

/** What somebody between the shop and the device can do to the signatures of a manifest or a root. */
function resign(
  { served }: Repository,
  name: string,
  change: (signatures: Signature[]) => Signature[],
): void {
  const document = JSON.parse(String(Buffer.from(served.get(name)!)));
  document.signatures = change(document.signatures);
  served.set(name, Buffer.from(JSON.stringify(document)));
}

describe('a release', () => {
  it('with fewer signatures than the threshold is refused (test_snapshot_does_not_meet_threshold)', async () => {
    const three = keys(3);
    const { repo, device } = await repository({ release: { keys: three, threshold: 3, signers: three } });
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    repo.release.signers = three.slice(1);
    await repo.publish();
    expect(await one.refresh()).toContain('signatures of 3 of 3 trusted keys, got 2');
    expect(await one.trusted()).toMatchObject({ release: 1 });
  });

  it('is refused where the threshold is beyond the keys, the root that says so is not (test_snapshot_has_too_few_keys)', async () => {
    const { repo, one } = await followed();
    const five = keys(5);
    Object.assign(repo.release, { keys: five, threshold: 6, signers: five });
    await repo.publishRoot();
    await repo.publish();
    expect(await one.refresh()).toContain('signatures of 6 of 5 trusted keys, got 5');
    expect(await one.trusted()).toMatchObject({ root: 2, release: 1 });
  });

  it('is refused where one key is listed nine times and signs nine times for a threshold of six (test_duplicate_keys)', async () => {
    const { repo, one } = await followed();
    const [key] = keys(1);
    Object.assign(repo.release, {
      keys: Array.from({ length: 9 }, () => key!),
      threshold: 6,
      signers: [key!],
    });
    await repo.publishRoot();
    await repo.publish();
    resign(repo, 'manifest.json', ([only]) => Array.from({ length: 9 }, () => only!));
    expect(await one.refresh()).toContain('signatures of 6 of 1 trusted keys, got 1');
    expect(await one.trusted()).toMatchObject({ root: 2, release: 1 });
  });

  it('is one voice where one key signed twice: enough for one, too little for two (test_duplicate_sig_keyids)', async () => {
    for (const [threshold, taken] of [
      [1, true],
      [2, false],
    ] as const) {
      const two = keys(2);
      const { repo, device } = await repository({
        release: { keys: two, threshold, signers: two.slice(0, 1) },
      });
      resign(repo, 'manifest.json', ([only]) => [only!, only!]);
      expect((await device().refresh()) === undefined).toBe(taken);
    }
  });

  it('is taken beside a signature that is wrong, or is none at all (test_invalid_sig_in_valid_metadata)', async () => {
    const two = keys(2);
    const { repo, device } = await repository({ release: { keys: two, threshold: 1, signers: two } });
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    const wrong = ['f'.repeat(128), '', 'no hex', 'f'.repeat(4_000)];
    for (const [i, signature] of wrong.entries()) {
      await repo.publish();
      resign(repo, 'manifest.json', ([first, second]) => [{ ...first!, signature }, second!]);
      expect(await one.refresh()).toBeUndefined();
      expect(await one.trusted()).toMatchObject({ release: i + 2 });
      // Alone it opens nothing.
      resign(repo, 'manifest.json', ([first]) => [first!]);
      expect(await device().refresh()).toContain('got 0');
    }
  });
});

describe('a root', () => {
  it('holds Ed25519 keys and no others, and a wrong signature of one that must sign is no signature (test_keytype_and_scheme)', async () => {
    const { repo, one } = await followed();
    const more = signingKey();
    Object.assign(repo.root, { keys: [...repo.root.keys, more], threshold: 2 });
    repo.root.signers = repo.root.keys;
    await repo.publishRoot();
    await repo.publish();
    expect(await one.refresh()).toBeUndefined();
    expect(await one.trusted()).toMatchObject({ root: 2, release: 2 });
    await repo.publishRoot();
    await repo.publish();
    resign(repo, '3.json', ([first, second]) => [first!, { ...second!, signature: first!.signature }]);
    expect(await one.refresh()).toContain('signatures of 2 of 2 trusted keys, got 1');
    repo.root.version = 2;
    const [ed25519] = repo.root.keys.map(({ publicKey }) => publicKey);
    // A point of P-256, compressed: 33 bytes.
    await repo.publishRoot({ root: { keys: [ed25519!, `02${'a'.repeat(64)}`], threshold: 1 } });
    expect(await one.refresh()).toContain('expected a root of format 1');
    expect(await one.trusted()).toMatchObject({ root: 2, release: 2 });
  });
});
