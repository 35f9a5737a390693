import { afterEach, expect, it, vi } from 'vitest';
import { DAY, followed, NOW, repository } from '../helpers/release-repository.ts';

afterEach(() => vi.unstubAllGlobals());

it('a root that has expired is kept, for what it revokes, and no manifest is taken under it (test_root_expired)', async () => {
  const { repo, one } = await followed();
  repo.root.expires = NOW - DAY;
  await repo.publishRoot();
  await repo.publish();
  expect(await one.refresh()).toContain('expires after');
  expect(await one.trusted()).toMatchObject({ root: 2, release: 1 });
});

it('a manifest that has expired is not taken (test_timestamp_expired, test_snapshot_expired, test_targets_expired)', async () => {
  const { repo, one } = await followed();
  repo.release.expires = NOW - 5 * DAY;
  await repo.publish();
  expect(await one.refresh()).toContain('expires after');
  expect(await one.trusted()).toEqual({ root: 1, release: 1, refusal: undefined });
});

it('a device whose root has expired follows to the next one (test_expired_local_root)', async () => {
  const { repo, device } = await repository();
  repo.root.expires = NOW + 7 * DAY;
  await repo.publishRoot();
  await repo.publish();
  const one = device();
  expect(await one.refresh()).toBeUndefined();
  one.state.now = NOW + 18 * DAY;
  expect(one.releases.refusal()).toBe('expired');
  repo.root.expires = NOW + 21 * DAY;
  await repo.publishRoot();
  await repo.publish();
  expect(await one.refresh()).toBeUndefined();
  expect(await one.trusted()).toEqual({ root: 3, release: 3, refusal: undefined });
});

it('a device whose manifest has expired takes the next one, after a restart too (test_expired_local_timestamp)', async () => {
  const { repo, device } = await repository();
  repo.release.expires = NOW + 7 * DAY;
  await repo.publish();
  const one = device();
  await one.refresh();
  const restarted = device({ store: one.store, now: NOW + 18 * DAY });
  await restarted.releases.restore();
  expect(restarted.releases.refusal()).toBe('expired');
  repo.release.expires = NOW + 21 * DAY;
  await repo.publish();
  expect(await restarted.refresh()).toBeUndefined();
  expect(await restarted.trusted()).toEqual({ root: 1, release: 3, refusal: undefined });
});
