/** Listeners of the SDK's events; an exception of theirs is said in the console and stops nothing. */

import type { Events } from '../api.ts';

export interface Emitter {
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;
  emit<E extends keyof Events>(event: E, detail: Events[E]): void;
  clear(): void;
}

export function createEmitter(debug: boolean): Emitter {
  const listeners = new Set<[event: string, listener: (detail: never) => void]>();
  return {
    on(event, listener) {
      const entry: [string, (detail: never) => void] = [event, listener];
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit(event, detail) {
      if (debug) console.warn('promo-edge', event, detail);
      for (const [name, listener] of listeners) if (name === event) guard(() => listener(detail as never));
    },
    clear: () => listeners.clear(),
  };
}

/** Runs what must not throw into the page: the shop's code, and our own start. */
export function guard(use: () => void): void {
  try {
    use();
  } catch (error) {
    console.error(error);
  }
}
