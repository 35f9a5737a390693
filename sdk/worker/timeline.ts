/**
 * When the worker got how far, for the cold-start bench. Plain numbers: in a profile of the start, marks of
 * `performance` were among the ten dearest calls.
 */

/** In the order of a first visit. */
export const STAGES = ['running', 'asked', 'restored', 'ready'] as const;

/** By stage, epoch milliseconds. */
export type Timeline = Partial<Record<(typeof STAGES)[number], number>>;

/** Where the bench finds it: on the worker's own global object, which no script of the page reads. */
export const TIMELINE = 'promoEdgeTimeline';

const timeline: Timeline = {};
Object.assign(globalThis, { [TIMELINE]: timeline });

export const reached = (stage: (typeof STAGES)[number]): void => {
  timeline[stage] = performance.timeOrigin + performance.now();
};
