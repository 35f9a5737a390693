/** Objects whose methods are all one function. */

/** Each method of what it gives is a call of `call` with the method's name. */
export const forwarding = <T extends object>(call: (method: string, args: unknown[]) => unknown): T =>
  new Proxy({} as T, {
    // Whoever awaits it must not find a `then`.
    get: (_, method) =>
      method === 'then' ? undefined : (...args: unknown[]) => call(method as string, args),
  });
