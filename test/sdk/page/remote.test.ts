import { type Endpoint, expose, transfer } from 'comlink';
import { describe, expect, it } from 'vitest';
import { wrap } from '../../../sdk/page/remote.ts';

interface Api {
  add(a: number, b: number): number;
  later(value: string, ms: number): Promise<string>;
  take(bytes: Uint8Array): Uint8Array;
  fail(): never;
}

const api: Api = {
  add: (a, b) => a + b,
  later: (value, ms) => new Promise((resolve) => setTimeout(() => resolve(value), ms)),
  take: (bytes) => transfer(bytes, [bytes.buffer as ArrayBuffer]),
  fail() {
    throw new RangeError('too far');
  },
};

async function connected<T>(use: (far: ReturnType<typeof wrap<Api>>) => Promise<T>): Promise<T> {
  const { port1, port2 } = new MessageChannel();
  expose(api, port2 as unknown as Endpoint);
  try {
    return await use(wrap<Api>(port1 as unknown as Endpoint));
  } finally {
    port1.close();
  }
}

describe('calls across a port to what comlink exposes', () => {
  it('give each caller its own answer, however late', async () => {
    const answers = await connected((far) =>
      Promise.all([far.later('slow', 20), far.add(1, 2), far.later('fast', 1)]),
    );
    expect(answers).toEqual(['slow', 3, 'fast']);
  });

  it('reject with what the far side threw, and with a method that is not there', async () => {
    await connected(async (far) => {
      const thrown = await (far.fail() as Promise<never>).catch((error) => error);
      expect(thrown).toBeInstanceOf(Error);
      expect(String(thrown)).toBe('RangeError: too far');
      await expect((far as unknown as { none(): Promise<void> }).none()).rejects.toThrow();
      expect(await far.add(2, 2)).toBe(4);
    });
  });

  it('reject with what no message can carry', async () => {
    await connected(async (far) => {
      await expect(far.add((() => 1) as never, 2)).rejects.toThrow(/clone/);
    });
  });

  it('hand buffers over in both directions, rather than copy them', async () => {
    await connected(async (far) => {
      const bytes = Uint8Array.of(1, 2, 3);
      const back = await far.take(bytes);
      expect([...back]).toEqual([1, 2, 3]);
      expect(bytes.byteLength).toBe(0);
    });
  });

  it('can be awaited as an object without being called', async () => {
    await connected(async (far) => expect(await (await far).add(1, 1)).toBe(2));
  });
});
