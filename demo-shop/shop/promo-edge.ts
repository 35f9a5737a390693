/** The page's side of Promo Edge: the command queue that the script tag takes over. */

import type { PromoEdge } from '../../sdk/index.ts';

type Command = (edge: PromoEdge) => void;

/** Runs `command` with the SDK, now or when it has loaded; never where it does not load. */
export function promoEdge(command: Command): void {
  const page = globalThis as { promoEdge?: { push(command: Command): unknown } };
  page.promoEdge ??= [] as Command[];
  page.promoEdge.push(command);
}

/** The SDK itself, where it has loaded. */
export function loadedEdge(): PromoEdge | undefined {
  const { promoEdge: loaded } = globalThis as { promoEdge?: PromoEdge | Command[] };
  return loaded === undefined || Array.isArray(loaded) ? undefined : loaded;
}

/** An answer of the SDK, or `otherwise` where none comes in time. */
export function asked<T>(ask: (edge: PromoEdge) => Promise<T>, otherwise: T, limitMs: number): Promise<T> {
  // A page that the server writes has nobody to ask.
  if (typeof document === 'undefined') return Promise.resolve(otherwise);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), limitMs);
    promoEdge((edge) => {
      ask(edge)
        .catch(() => otherwise)
        .then((answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
    });
  });
}
