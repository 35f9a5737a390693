/** What this page, or this worker, has asked the network for, by the browser's own record. */

import type { SentRequest } from './api.ts';

/** At most 250 a thread, as browsers keep them. */
export const requestsHere = (): SentRequest[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).map(
    ({ name, startTime, transferSize = 0 }) => ({
      url: name,
      at: performance.timeOrigin + startTime,
      bytes: transferSize,
    }),
  );
