import { describe, expect, it } from 'vitest';
import { type LastKept, lastKept } from '../../../sdk/worker/last-kept.ts';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';
import { Prefetched } from '../../../sdk/worker/prefetched.ts';
import type { Store } from '../../../sdk/worker/store.ts';

const BYTES = new Uint8Array([1, 2, 3]);
const THEIRS: LastKept = {
  release: { manifest: 'of the page', files: new Map([['a', BYTES]]) },
  roots: [],
};

/** A device's store that opens when it is told to, and counts what is read of it. */
async function store() {
  const inner = memoryStore();
  await inner.commitRelease({ manifest: 'of the store', files: new Map([['a', BYTES]]) });
  let open!: () => void;
  const opened = new Promise<void>((done) => {
    open = done;
  });
  let reads = 0;
  const counting: Store = {
    ...inner,
    durable: () => opened.then(() => true),
    release: (wanted) => {
      reads++;
      return inner.release(wanted);
    },
  };
  return { store: counting, open, reads: () => reads };
}

const turn = () => new Promise((done) => setTimeout(done));

describe('lastKept', () => {
  it('takes what the page has read, and reads nothing once more when the store opens', async () => {
    const device = await store();
    const begun: string[] = [];
    const kept = await lastKept(device.store, Promise.resolve(THEIRS), (manifest) => {
      begun.push(manifest);
      return ['a'];
    });
    device.open();
    await turn();
    expect(kept).toBe(THEIRS);
    expect(begun).toEqual(['of the page']);
    expect(device.reads()).toBe(0);
  });

  it('reads for itself where the page cannot, once the store is open', async () => {
    const device = await store();
    const reading = lastKept(device.store, new Promise(() => undefined), () => ['a']);
    await turn();
    expect(device.reads()).toBe(0);
    device.open();
    const { release } = await reading;
    expect(release).toEqual({ manifest: 'of the store', files: new Map([['a', BYTES]]) });
  });

  it('asks at once a store that is known to be empty, which may take its time to be made', async () => {
    const kept = await lastKept(
      { ...memoryStore(), durable: () => new Promise(() => undefined) },
      undefined,
      () => [],
    );
    expect(kept).toEqual({ release: undefined, roots: undefined });
  });
});

describe('what the page hands over of what is kept', () => {
  const settledOr = (kept: Promise<LastKept>) => Promise.race([kept, turn().then(() => 'nothing')]);

  it('is whole, apart from what it fetches', async () => {
    const prefetched = new Prefetched();
    prefetched.offer('fetched', []);
    prefetched.offer('kept', ['a', 'b'], { roots: [] });
    prefetched.deliver('b', BYTES);
    prefetched.deliver('a', BYTES);
    expect(await prefetched.manifest).toBe('fetched');
    expect(await prefetched.kept).toEqual({
      release: {
        manifest: 'kept',
        files: new Map([
          ['a', BYTES],
          ['b', BYTES],
        ]),
      },
      roots: [],
    });
  });

  it('is nothing where a file of it is missing, or nothing was kept', async () => {
    const prefetched = new Prefetched();
    prefetched.offer('kept', ['a', 'b'], { roots: undefined });
    prefetched.deliver('a', BYTES);
    prefetched.deliver('b', undefined);
    expect(await settledOr(prefetched.kept)).toBe('nothing');
    const empty = new Prefetched();
    empty.offer(undefined, [], { roots: undefined });
    expect(await settledOr(empty.kept)).toBe('nothing');
  });
});
