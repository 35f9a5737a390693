import { afterEach, expect, it, vi } from 'vitest';
import { holders, repository } from '../helpers/release-repository.ts';
import { signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

it('a release of a lower version than the device has seen is refused, after a restart too (test_new_timestamp_version_rollback, test_snapshot_rollback, test_targets_rollback)', async () => {
  const { repo, device } = await repository();
  const one = device();
  await repo.publish();
  await one.refresh();
  expect(await one.trusted()).toMatchObject({ release: 2 });
  repo.release.version = 0;
  await repo.publish();
  expect(await one.refresh()).toContain('expected version 2 or later, got 1');
  expect(one.asked()).toEqual(['manifest.json']);
  expect(await one.trusted()).toMatchObject({ release: 2 });
  const restarted = device({ store: one.store });
  expect(await restarted.refresh()).toContain('expected version 2 or later, got 1');
  expect(restarted.asked()).toEqual(['manifest.json']);
});

it('versions begin anew when the root has revoked the key that ran them up (test_new_timestamp_fast_forward_recovery, test_new_snapshot_fast_forward_recovery, test_targets_fast_forward_recovery)', async () => {
  const { repo, device } = await repository();
  const one = device();
  repo.release.version = Number.MAX_SAFE_INTEGER - 1;
  await repo.publish();
  expect(await one.refresh()).toBeUndefined();
  repo.release.version = 0;
  await repo.publish();
  expect(await one.refresh()).toContain('or later, got 1');
  Object.assign(repo.release, { ...holders(signingKey()), version: 0 });
  repo.contents['first-meta'] = 'recovered';
  await repo.publishRoot();
  await repo.publish();
  expect(await one.refresh()).toBeUndefined();
  expect(await one.trusted()).toMatchObject({ root: 2, release: 1 });
  expect(one.contents()[0]).toBe('recovered');
});

it('a root that revokes nobody lets no version begin anew', async () => {
  const { repo, device } = await repository();
  const one = device();
  await repo.publish();
  await one.refresh();
  repo.release.version = 0;
  await repo.publishRoot();
  await repo.publish();
  expect(await one.refresh()).toContain('expected version 2 or later, got 1');
  expect(await one.trusted()).toMatchObject({ root: 2, release: 2 });
});
