/** Hands in the page itself: for shoppers that walk through a frame, where one can watch them. */

import type { Driver } from './driver.ts';

export interface Pace {
  /** Milliseconds of waiting for each millisecond a shopper would wait: 1 is real time. */
  slowness: number;
  /** The least time between two acts, so that the eye can follow. */
  between: number;
}

export const PACES = {
  real: { slowness: 1, between: 450 },
  fast: { slowness: 0.02, between: 0 },
} as const satisfies Record<string, Pace>;

/** How long something that should come may take. */
const PATIENCE_MS = 4000;
const GLANCE_MS = 40;

/** @param go turns the shop's page, as a link would */
export function inPageDriver(go: (path: string) => void, { slowness, between }: Pace): Driver {
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const act = async <T>(work: () => T): Promise<T> => {
    await pause(between);
    return work();
  };
  return {
    open: (path) => act(() => go(path)),
    async click(selector, nth = 0) {
      const target = all(selector)[nth];
      if (target === undefined) return false;
      if (between > 0) target.scrollIntoView({ block: 'center', behavior: 'smooth' });
      return act(() => {
        target.focus({ preventScroll: true });
        target.click();
        return true;
      });
    },
    async fill(selector, text) {
      const field = all(selector)[0] as HTMLInputElement | undefined;
      if (field === undefined) return false;
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      return true;
    },
    submit: (selector) =>
      act(() => (all(selector)[0] as HTMLInputElement | undefined)?.form?.requestSubmit()),
    count: async (selector) => all(selector).length,
    text: async (selector) => (all(selector)[0]?.textContent ?? '').trim(),
    attribute: async (selector, name) => all(selector)[0]?.getAttribute(name) ?? undefined,
    async wait(ms) {
      await pause(ms * slowness);
      // However fast, nobody answers an offer that is not there yet.
      await until(() => all('promo-slot').every((slot) => slot.dataset.decided !== ''));
    },
    appears: (selector) => until(() => all(selector).length > 0),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += GLANCE_MS) {
    if (holds()) return true;
    await pause(GLANCE_MS);
  }
  return holds();
}
