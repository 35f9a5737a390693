/** What this page, or this worker, has asked the SDK's server for, by the browser's own record. */

import type { SentRequest } from './api.ts';

/** At most 250 a thread, as browsers keep them. */
export const requestsHere = (endpoint: string): SentRequest[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
    .filter(({ name }) => name.startsWith(endpoint))
    .map(({ name, startTime, transferSize = 0 }) => ({
      url: name,
      at: performance.timeOrigin + startTime,
      bytes: transferSize,
    }));
