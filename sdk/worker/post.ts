/** What goes out: nothing of the shopper travels along but what is in the body. */

import { REQUEST } from '../start-worker.ts';

/** As text/plain, which needs no preflight: one request. */
export const post = (url: string, body: string, signal: AbortSignal | null = null): Promise<Response> =>
  fetch(url, { ...REQUEST, method: 'POST', headers: { 'content-type': 'text/plain' }, body, signal });
