/** Errors as CONTRACT section 4 has them: `{error: {code, message, field?}}`, and never a stack trace. */

import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { BadInput, Untrusted } from '../../shared/errors.ts';
import { Refusal } from '../coupons/refusal.ts';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/**
 * @param log where the unexpected is written: route, kind and stack. Neither the address asked for nor the error's
 *   text, since both may hold what a shopper sent; the caller sees none of it
 */
export function errorHandler(log: (text: string) => void): (error: Error, c: Context) => Response {
  return (error, c) => {
    const known = asApiError(error);
    if (known === undefined) log(`${c.req.method} ${routePath(c, -1)}: ${kindOf(error)}`);
    const { status, code, message, field } =
      known ?? new ApiError(500, 'internal', 'the server failed; its log says why');
    // The rest of the body was not read: this connection can carry no other request.
    if (status === 413) c.header('Connection', 'close');
    if (status === 401) c.header('WWW-Authenticate', 'Bearer');
    if (status === 503) c.header('Retry-After', '1');
    if (status === 429) c.header('Retry-After', '60');
    c.header('Cache-Control', 'no-store');
    return c.json({ error: { code, message, ...(field === undefined ? {} : { field }) } }, status);
  };
}

function kindOf(error: Error & { code?: string }): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}${error.code === undefined ? '' : ` ${error.code}`}`, ...frames].join('\n');
}

export function notFound(c: Context): Response {
  c.header('Cache-Control', 'no-store');
  return c.json({ error: { code: 'not-found', message: `nothing at ${c.req.method} ${c.req.path}` } }, 404);
}

function asApiError(error: Error): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof BadInput) return new ApiError(400, 'bad-input', error.message, error.place.field);
  if (error instanceof Refusal) return new ApiError(error.status, error.code, error.message, error.field);
  if (error instanceof Untrusted) return new ApiError(409, error.code, error.message);
  if (error instanceof HTTPException)
    return new ApiError(error.status as ContentfulStatusCode, 'http', error.message);
  const code = (error as { code?: string }).code ?? '';
  // The caller hung up before the body's end, and hears nothing of this.
  if (code === 'ECONNRESET') return new ApiError(400, 'aborted', 'the request ended before its body');
  // Another process writes, or the disk is full: nothing was written, and the same request may come again.
  if (/^SQLITE_(BUSY|FULL|IOERR)/.test(code))
    return new ApiError(503, 'storage', 'storage is busy or full: try again');
  return undefined;
}
