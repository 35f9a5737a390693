/**
 * Calls across a port in comlink's own messages, of which page and worker use a third: comlink itself adds 1.1 KB to a
 * loader of 4 and 1.5 KB to what is fetched before the first decision. The tests run either end against comlink.
 */

import type { Endpoint, RemoteObject } from 'comlink';
import { forwarding } from './forwarding.ts';

/** comlink's WireValue: a result, or what was thrown. */
type Answer = { id: string } & (
  | { type: 'RAW'; value: unknown }
  | { type: 'HANDLER'; name: 'throw'; value: { isError: true; value: object } }
);

/** comlink's message for a call; arguments are values as they are. */
interface Call {
  id: string;
  type: 'APPLY';
  path: [method: string];
  argumentList: { type: 'RAW'; value: unknown }[];
}

/** Calls a method of `T` on the far side. */
export type Caller<T> = <M extends keyof T & string>(method: M, ...args: Args<T, M>) => Promise<Result<T, M>>;

export type Args<T, M extends keyof T> = T[M] extends (...args: infer A) => unknown ? A : never;
export type Result<T, M extends keyof T> = T[M] extends (...args: never) => infer R ? Awaited<R> : never;

/**
 * Calls of what the far side has exposed. They arrive in the order in which they are made; arrays of bytes among
 * their arguments are handed over, not copied.
 */
export function caller<T>(port: Endpoint): Caller<T> {
  const waiting = new Map<string, (answer: Answer) => void>();
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<Answer>;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  port.start?.();
  return (method, ...args) =>
    new Promise((resolve, reject) => {
      const id = `${method}:${++calls}`;
      const argumentList: Call['argumentList'] = args.map((value) => ({ type: 'RAW', value }));
      port.postMessage(
        { id, type: 'APPLY', path: [method], argumentList } satisfies Call,
        args.flatMap(buffersOf),
      );
      waiting.set(id, (answer) => {
        if (answer.type === 'RAW') resolve(answer.value as never);
        else reject(Object.assign(new Error(), answer.value.value));
      });
    });
}

/** The same as an object with those methods. */
export function wrap<T>(port: Endpoint): RemoteObject<T> {
  const call = caller<Record<string, (...args: unknown[]) => unknown>>(port);
  return forwarding((method, args) => call(method, ...args));
}

/** Answers the far side's calls by these methods; what one throws is thrown over there. */
export function answer(api: object, port: Endpoint): void {
  port.addEventListener('message', async (event) => {
    const { id, path, argumentList } = (event as MessageEvent<Call>).data;
    const [method] = path;
    const reply = (answer: object): void => port.postMessage({ ...answer, id }, []);
    try {
      const methods = api as Record<string, (...args: unknown[]) => unknown>;
      reply({ type: 'RAW', value: await methods[method]!(...argumentList.map(({ value }) => value)) });
    } catch (error) {
      const { name, message, stack } = error as Error;
      reply({ type: 'HANDLER', name: 'throw', value: { isError: true, value: { name, message, stack } } });
    }
  });
  port.start?.();
}

let calls = 0;

const buffersOf = (value: unknown): Transferable[] =>
  value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
