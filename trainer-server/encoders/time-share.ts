/** How much of the time a stage may take, and how far along it is. */

export interface TimeShare {
  /** 0 at the start, 1 where steps or time run out, whichever comes first. */
  progress(step: number): number;
}

/**
 * A stage of `steps` steps that takes at most `seconds`: a slow machine does fewer of them, and its learning rate
 * still comes down in time.
 * @param deadline seconds left, which also serves as the clock
 */
export function timeShare(steps: number, seconds: number, deadline: () => number): TimeShare {
  const began = deadline();
  return {
    progress(step) {
      const left = deadline();
      if (left <= 0) return 1;
      const spent = Number.isFinite(began) ? (began - left) / Math.max(1e-3, seconds) : 0;
      return Math.min(1, Math.max(step / Math.max(1, steps), spent));
    },
  };
}
