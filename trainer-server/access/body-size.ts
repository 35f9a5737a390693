/** No body larger than this is read, whatever its sender says of its length. */

import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiError } from '../routes/api-error.ts';

/**
 * A body that says its length is judged by that: Node reads no more of it. Asking for the body's stream, as hono's
 * own limit does first, costs a third of a small request's time. A body without a length is counted as it comes.
 */
export function limitBody(maxBytes: number): MiddlewareHandler {
  const onError = (): never => {
    throw new ApiError(413, 'too-large', `expected a body of at most ${maxBytes} bytes`);
  };
  const counted = bodyLimit({ maxSize: maxBytes, onError });
  return async (c, next) => {
    const length = c.req.header('Content-Length');
    if (length === undefined || c.req.header('Transfer-Encoding') !== undefined) return counted(c, next);
    if (!(Number(length) <= maxBytes)) onError();
    return next();
  };
}
