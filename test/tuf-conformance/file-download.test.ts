import { afterEach, expect, it, vi } from 'vitest';
import type { SignedManifest } from '../../shared/manifest.ts';
import { followed, repository } from '../helpers/release-repository.ts';

afterEach(() => vi.unstubAllGlobals());

const filesOf = (served: ReadonlyMap<string, Uint8Array>) =>
  (JSON.parse(String(Buffer.from(served.get('manifest.json')!))) as SignedManifest).signed.files;

it('files arrive as they were published, the first group with the release and the idle group later (test_client_downloads_expected_file)', async () => {
  const { one } = await followed();
  expect(one.contents()).toEqual(['first']);
  await one.releases.idle();
  expect(one.contents()).toEqual(['first', 'products']);
});

it('a path never becomes an address, whatever stands in it (test_client_downloads_expected_file_in_sub_dir, test_unusual_role_name)', async () => {
  const { repo, device } = await repository();
  const [first] = filesOf(repo.served);
  for (const path of ['path/to/a/file', '../file', '/file', '?', '#', 'https://evil.example/']) {
    await repo.publish({ files: [{ ...first, path }] });
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    expect(one.state.fetched.at(-1)).toBe(`http://endpoint.test/b/${first!.sha256}`);
  }
});

it('a file that was replaced on the server is not taken, and what a device has stays (test_repository_substitutes_target_file)', async () => {
  const { repo, device, one } = await followed();
  for (const { sha256 } of filesOf(repo.served)) repo.served.set(sha256, Buffer.from('malicious'));
  await one.refresh();
  await one.releases.idle();
  expect(one.contents()).toEqual(['first']);
  const restarted = device({ store: one.store });
  await restarted.releases.restore();
  expect(restarted.contents()).toEqual(['first']);
  const fresh = device();
  expect(await fresh.refresh()).toContain('Untrusted');
  expect(await fresh.trusted()).toMatchObject({ release: undefined, refusal: 'no-release' });
});

it('changes are followed one after another, and none that no manifest names (test_multiple_changes_to_target)', async () => {
  const { repo, device } = await repository();
  const one = device();
  for (let i = 0; i < 10; i++) {
    repo.contents['first-meta'] = `contents ${i}`;
    await repo.publish();
    // The device sees every third release.
    if (i % 3 !== 0) continue;
    expect(await one.refresh()).toBeUndefined();
    expect(one.contents()[0]).toBe(`contents ${i}`);
    const [first] = filesOf(repo.served);
    repo.served.set(first!.sha256, Buffer.from(`malicious ${i}`));
    await one.refresh();
    expect(one.contents()[0]).toBe(`contents ${i}`);
  }
});

it('a file is known by its SHA-256 alone: another hash, or none of the right form, is refused before a request (test_download_with_unknown_hash_algorithm, test_download_with_hash_algorithms)', async () => {
  const { repo, device } = await repository();
  const [first] = filesOf(repo.served);
  const { sha256, ...rest } = first!;
  for (const hash of [{ sha512: 'a'.repeat(128) }, { sha256: 'a'.repeat(128) }, { sha256: '../../admin' }]) {
    await repo.publish({ files: [{ ...rest, ...hash }] });
    const one = device();
    expect(await one.refresh()).toContain('expected format 1');
    expect(one.asked()).toEqual(['manifest.json', '1.json']);
  }
  await repo.publish({ files: [{ ...rest, sha256, sha512: 'a'.repeat(128) }] });
  expect(await device().refresh()).toBeUndefined();
});

it('a file that the device has is not fetched again (test_artifact_cache)', async () => {
  const { repo, one } = await followed();
  await one.releases.idle();
  repo.contents['first-meta'] = 'second';
  await repo.publish();
  expect(await one.refresh()).toBeUndefined();
  expect(one.asked()).toEqual(['manifest.json', filesOf(repo.served)[0]!.sha256]);
  expect(one.contents()).toEqual(['second', 'products']);
});
