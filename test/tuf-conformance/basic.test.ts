import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SignedManifest } from '../../shared/manifest.ts';
import { DAY, followed, holders, NOW, repository } from '../helpers/release-repository.ts';
import { signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

const hashesOf = (text: Uint8Array | undefined): string[] =>
  (JSON.parse(String(Buffer.from(text!))) as SignedManifest).signed.files.map(({ sha256 }) => sha256);

describe('a first visit', () => {
  it('asks for the manifest, the root that it names and the first group of files, and for no more (test_basic_refresh_requests, test_implicit_refresh)', async () => {
    const { repo, device } = await repository();
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    const [first] = hashesOf(repo.served.get('manifest.json'));
    expect(one.asked()).toEqual(['manifest.json', '1.json', first]);
  });

  it('ends with what was published (test_basic_refresh_trusted_data)', async () => {
    const { one } = await followed();
    expect(await one.trusted()).toEqual({ root: 1, release: 1, refusal: undefined });
    expect(one.contents()).toEqual(['first']);
  });

  it('believes nothing and fetches no file where the page pins no key, no threshold, or what is no key (test_invalid_initial_root)', async () => {
    const { device } = await repository();
    const { publicKey } = signingKey();
    for (const root of [
      { keys: [], threshold: 1 },
      { keys: [publicKey], threshold: 0 },
      { keys: [publicKey.slice(2)], threshold: 1 },
      { keys: ['no key'], threshold: 1 },
    ]) {
      const one = device({ root });
      expect(await one.refresh()).toBeDefined();
      expect(await one.trusted()).toEqual({ root: 0, release: undefined, refusal: 'no-release' });
      expect(one.asked()).toEqual(['manifest.json', '1.json']);
    }
  });

  it('forgets a kept root that is not signed as it should be, and follows the chain anew (test_unsigned_initial_root)', async () => {
    const { device } = await repository();
    const before = device();
    await before.refresh();
    const [step] = (await before.store.get('roots'))!;
    const forged = {
      ...step!,
      signed: { ...step!.signed, release: { keys: ['0'.repeat(64)], threshold: 1 } },
    };
    await before.store.set('roots', [forged]);
    const after = device({ store: before.store });
    await after.releases.restore();
    expect(after.releases.refusal()).toBe('no-release');
    expect(await after.refresh()).toBeUndefined();
    expect(await after.trusted()).toEqual({ root: 1, release: 1, refusal: undefined });
  });
});

describe('a document that is not signed as it should be', () => {
  it('is refused where it is the root, and nothing after it is taken (test_unsigned_metadata[root])', async () => {
    const { repo, one } = await followed();
    repo.root.signers = [signingKey()];
    await repo.publishRoot();
    await repo.publish();
    expect(await one.refresh()).toContain('expected valid signatures of 1 of 1 trusted keys, got 0');
    expect(await one.trusted()).toMatchObject({ root: 1, release: 1 });
  });

  it('is refused where it is the manifest; the root before it is kept (test_unsigned_metadata[timestamp, snapshot, targets])', async () => {
    const { repo, one } = await followed();
    await repo.publishRoot();
    repo.release.signers = [signingKey()];
    await repo.publish();
    expect(await one.refresh()).toContain('manifest: expected valid signatures of 1');
    expect(await one.trusted()).toMatchObject({ root: 2, release: 1 });
  });

  it('is refused where a root is served under another version than its own (test_url_and_metadata_version_mismatch[root])', async () => {
    const { repo, one } = await followed();
    await repo.publishRoot({ version: 3 }, 2);
    await repo.publish();
    expect(await one.refresh()).toContain('root: expected version 2, got 3');
    expect(await one.trusted()).toMatchObject({ root: 1, release: 1 });
  });

  it('is refused where a root comes as the manifest or a manifest as the root, complete and signed by the right key (test_incorrect_metadata_type)', async () => {
    const both = holders(signingKey());
    const { repo, one } = await followed({ root: both, release: both });
    await repo.publish({ type: 'root' });
    expect(await one.refresh()).toContain('manifest 2: expected format 1');
    await repo.publishRoot({ type: undefined });
    await repo.publish();
    expect(await one.refresh()).toContain('root 2: expected a root');
    expect(await one.trusted()).toMatchObject({ root: 1, release: 1 });
  });
});

describe('a manifest', () => {
  it('of a version and time that the device has changes nothing, whatever else it says (test_timestamp_content_changes)', async () => {
    const { repo, one } = await followed();
    repo.release.version--;
    repo.contents['first-meta'] = 'other';
    await repo.publish();
    expect(await one.refresh()).toBeUndefined();
    expect(one.asked()).toEqual(['manifest.json']);
    expect(one.contents()).toEqual(['first']);
  });

  it('is kept as the bytes that came, not as our own writing of them (test_metadata_bytes_match)', async () => {
    const { repo, device } = await repository();
    const text = ` ${Buffer.from(repo.served.get('manifest.json')!)} \n`;
    repo.served.set('manifest.json', Buffer.from(text));
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    expect((await one.store.release())!.manifest).toBe(text);
  });

  it('may hold fields that the device does not know, and so may roots and signatures; they are signed like all others (test_custom_fields, test_deprecated_keyid_hash_algorithms)', async () => {
    const { repo, device } = await repository();
    const key = repo.release.keys[0]!.publicKey;
    const release = { keys: [key], threshold: 1, keyid_hash_algorithms: ['md5'] };
    await repo.publishRoot({ custom: { a: 1 }, release });
    await repo.publish({ custom: [1, { b: null }] });
    const manifest = JSON.parse(String(Buffer.from(repo.served.get('manifest.json')!)));
    manifest.signatures[0].keyid_hash_algorithms = ['md5'];
    repo.served.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    expect(await one.trusted()).toMatchObject({ root: 2, release: 2 });
    manifest.signed.custom[0] = 2;
    repo.served.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
    expect(await device().refresh()).toContain('signatures');
  });

  it('that is not there leaves what decides (test_timestamp_404)', async () => {
    const { repo, one } = await followed();
    repo.served.delete('manifest.json');
    expect(await one.refresh()).toContain('expected 200, got 404');
    expect(await one.trusted()).toEqual({ root: 1, release: 1, refusal: undefined });
  });

  it('whose file is not there is not taken, and nothing older than it either (test_snapshot_404, test_targets_404)', async () => {
    const { repo, device, one } = await followed();
    const old = repo.served.get('manifest.json')!;
    repo.contents['first-meta'] = 'second';
    await repo.publish();
    const [missing] = hashesOf(repo.served.get('manifest.json'));
    repo.served.delete(missing!);
    expect(await one.refresh()).toContain('expected 200, got 404');
    expect(one.asked()).toContain(missing);
    expect(await one.trusted()).toMatchObject({ root: 1, release: 1, refusal: undefined });
    repo.served.set('manifest.json', old);
    const restarted = device({ store: one.store });
    expect(await restarted.refresh()).toContain('expected version 2 or later, got 1');
  });

  it('whose file is another than it says is not taken (test_basic_metadata_hash_support, test_targets_hash_mismatch, test_snapshot_hash_mismatch)', async () => {
    const { repo, one } = await followed();
    repo.contents['first-meta'] = 'second';
    await repo.publish();
    const [changed] = hashesOf(repo.served.get('manifest.json'));
    repo.served.set(changed!, Buffer.from('SECOND'));
    expect(await one.refresh()).toContain('expected SHA-256');
    expect(await one.trusted()).toMatchObject({ release: 1 });
    repo.served.set(changed!, Buffer.from('second'));
    expect(await one.refresh()).toBeUndefined();
    expect(await one.trusted()).toMatchObject({ release: 2 });
  });

  it('is judged by the clock of the device (test_faketime)', async () => {
    const { repo, device } = await repository();
    repo.root.expires = NOW + 7 * DAY;
    await repo.publishRoot();
    await repo.publish();
    expect(await device().refresh()).toBeUndefined();
    expect(await device({ now: NOW + 8 * DAY }).refresh()).toContain('expires');
  });
});
