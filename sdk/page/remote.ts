/**
 * The page's end of a comlink: the calls that comlink answers in the worker, in its own messages. comlink itself, of
 * which a page would use a third, adds 1.1 KB to a loader of 4. Its tests run against comlink.
 */

import type { Endpoint, RemoteObject } from 'comlink';

/** comlink's WireValue: a result, or what was thrown. */
type Answer =
  | { id: string; type: 'RAW'; value: unknown }
  | { id: string; type: 'HANDLER'; name: 'throw'; value: { value: object } };

/**
 * The methods of what the far side has exposed. Calls arrive in the order in which they are made; arrays of bytes
 * among their arguments are handed over, not copied.
 */
export function wrap<T>(port: Endpoint): RemoteObject<T> {
  const waiting = new Map<string, (answer: Answer) => void>();
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<Answer>;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  port.start?.();
  const call = (method: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = `${method}:${++calls}`;
      const argumentList = args.map((value) => ({ type: 'RAW', value }));
      port.postMessage({ id, type: 'APPLY', path: [method], argumentList }, args.flatMap(buffersOf));
      waiting.set(id, (answer) => {
        if (answer.type === 'RAW') resolve(answer.value);
        else reject(Object.assign(new Error(), answer.value.value));
      });
    });
  return new Proxy({} as RemoteObject<T>, {
    // Whoever awaits it must not find a `then`.
    get: (_, method) =>
      method === 'then' ? undefined : (...args: unknown[]) => call(method as string, args),
  });
}

let calls = 0;

const buffersOf = (value: unknown): Transferable[] =>
  value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
