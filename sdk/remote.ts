/**
 * Calls across a message port: all that the SDK's files need of each other. comlink does more (proxies of properties,
 * callbacks, classes), at 1.2 KB of a loader of 4.
 */

/** A Worker, a worker's own scope, or a MessagePort. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  start?(): void;
}

/** The far side's methods, each answered by a promise. */
export type Remote<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

interface Call {
  call: number;
  method: string;
  args: unknown[];
}

interface Answer {
  answer: number;
  value?: unknown;
  error?: string;
}

const handedOver = new WeakMap<object, Transferable[]>();

/** As an argument or a result: `value` with these buffers handed over instead of copied. */
export function transfer<T extends object>(value: T, buffers: Transferable[]): T {
  handedOver.set(value, buffers);
  return value;
}

/** Calls arrive in the order in which they are made. A call rejects with the message of what the far side threw. */
export function wrap<T>(port: Port): Remote<T> {
  const waiting = new Map<number, (answer: Answer) => void>();
  port.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.answer)?.(data);
    waiting.delete(data.answer);
  });
  port.start?.();
  let call = 0;
  const invoke = (method: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      port.postMessage({ call: ++call, method, args } satisfies Call, buffersOf(args));
      waiting.set(call, ({ value, error }) =>
        error === undefined ? resolve(value) : reject(new Error(error)),
      );
    });
  return new Proxy({} as Remote<T>, {
    // Whoever awaits it must not find a `then`.
    get: (_, method) =>
      method === 'then' ? undefined : (...args: unknown[]) => invoke(String(method), args),
  });
}

/** Answers calls with `api`'s methods. */
export function expose(api: object, port: Port): void {
  const methods = api as Record<string, (...args: unknown[]) => unknown>;
  port.addEventListener('message', async ({ data }: MessageEvent<Partial<Call>>) => {
    const { call: answer, method, args } = data;
    if (answer === undefined) return;
    try {
      const value = await methods[method!]!(...args!);
      port.postMessage({ answer, value } satisfies Answer, buffersOf([value]));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({ answer, error: message } satisfies Answer, []);
    }
  });
  port.start?.();
}

const buffersOf = (values: unknown[]): Transferable[] =>
  values.flatMap((value) => handedOver.get(value as object) ?? []);
