import { describe, expect, it } from 'vitest';
import { deferred } from '../../../sdk/worker/deferred.ts';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import { openingStore } from '../../../sdk/worker/opening-store.ts';
import type { Store } from '../../../sdk/worker/store.ts';

const SEEN = { version: 7, created: 1 };

/** A store whose opening the test decides. */
function opening(empty: boolean) {
  const real: Store = { ...memoryStore(), durable: async () => true };
  const { promise, resolve } = deferred<Store>();
  return { store: openingStore(promise, empty), real, open: () => resolve(real) };
}

const UNANSWERED = Symbol();
/** What a promise gives without waiting for anything outside the program. */
const soon = async <T>(promise: Promise<T>): Promise<T | typeof UNANSWERED> =>
  Promise.race([promise, new Promise<typeof UNANSWERED>((done) => setImmediate(() => done(UNANSWERED)))]);

describe('a store that is still opening', () => {
  it('gives nothing at once on a first visit, and then what was written since', async () => {
    const { store } = opening(true);
    expect(await soon(store.release())).toBeUndefined();
    expect(await soon(store.events(10))).toEqual([]);
    void store.set('salt', '1-2');
    expect(await soon(store.get('salt'))).toBe('1-2');
  });

  it('has what was written meanwhile once it is open', async () => {
    const { store, real, open } = opening(true);
    const written = store.set('seen', SEEN);
    expect(await soon(written)).toBe(UNANSWERED);
    open();
    await written;
    expect(await real.get('seen')).toEqual(SEEN);
    await real.set('salt', 'of another tab');
    expect(await store.get('salt')).toBe('of another tab');
  });

  // Rollback: a device that has believed a version must not answer that it never did.
  it('is waited for where the device has been here', async () => {
    const { store, real, open } = opening(false);
    await real.set('seen', SEEN);
    const seen = store.get('seen');
    expect(await soon(seen)).toBe(UNANSWERED);
    open();
    expect(await seen).toEqual(SEEN);
  });

  it('says whether it lasts when it is open, not before', async () => {
    const { store, open } = opening(true);
    const durable = store.durable();
    expect(await soon(durable)).toBe(UNANSWERED);
    open();
    expect(await durable).toBe(true);
  });
});
