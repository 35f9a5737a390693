/** When the worker got how far: marks on its own timeline, which no script of the page reads. For the cold-start bench. */

/** In the order of a first visit. */
export const STAGES = [
  'running',
  'asked',
  'manifest',
  'kept',
  'store',
  'restored',
  'verified',
  'files',
  'ready',
] as const;

export const reached = (stage: (typeof STAGES)[number]): void => {
  performance.mark(`promo-edge:${stage}`);
};
