import { wrap as comlinkWrap, type Endpoint, expose, transfer } from 'comlink';
import { describe, expect, it } from 'vitest';
import { answer, wrap } from '../../sdk/remote.ts';

interface Api {
  add(a: number, b: number): number;
  later(value: string, ms: number): Promise<string>;
  take(bytes: Uint8Array): Uint8Array;
  fail(): never;
  functions(): unknown;
}

const api: Api = {
  add: (a, b) => a + b,
  later: (value, ms) => new Promise((resolve) => setTimeout(() => resolve(value), ms)),
  take: (bytes) => transfer(bytes, [bytes.buffer as ArrayBuffer]),
  fail() {
    throw new RangeError('too far');
  },
  functions: () => [() => 1],
};

/** Either end of ours against comlink's, and against each other. */
const PAIRS = [
  ['wrap', 'expose of comlink', wrap, expose],
  ['wrap of comlink', 'answer', comlinkWrap, answer],
  ['wrap', 'answer', wrap, answer],
] as const;

describe.each(PAIRS)('calls across a port, by %s and %s', (near, _far, wrapped, exposed) => {
  async function connected<T>(use: (far: ReturnType<typeof wrap<Api>>) => Promise<T>): Promise<T> {
    const { port1, port2 } = new MessageChannel();
    exposed(api, port2 as unknown as Endpoint);
    try {
      return await use(wrapped<Api>(port1 as unknown as Endpoint) as ReturnType<typeof wrap<Api>>);
    } finally {
      port1.close();
    }
  }

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

  it.runIf(near === 'wrap')('hand buffers over, rather than copy them', async () => {
    await connected(async (far) => {
      const bytes = Uint8Array.of(1, 2, 3);
      const back = await far.take(bytes);
      expect([...back]).toEqual([1, 2, 3]);
      expect(bytes.byteLength).toBe(0);
    });
  });

  it('reject where an answer is nothing that a message can carry', async () => {
    await connected(async (far) => {
      await expect(far.functions()).rejects.toThrow();
      expect(await far.add(1, 1)).toBe(2);
    });
  });

  it('can be awaited as an object without being called', async () => {
    await connected(async (far) => expect(await (await far).add(1, 1)).toBe(2));
  });
});
