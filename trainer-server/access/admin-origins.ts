/** Pages that may use the administration's routes: this server's own, and those that the operator names. */

import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { ApiError } from '../routes/api-error.ts';

/**
 * A browser names the page's origin on every request that could do harm. Others are refused before the route runs,
 * so that even a simple request, which a browser sends without asking first, changes nothing.
 * @param origins such as `https://console.shop.example`
 */
export function adminOrigins(origins: readonly string[]): MiddlewareHandler {
  const named = cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type'],
    maxAge: 600,
  });
  return async (c, next) => {
    const origin = c.req.header('Origin');
    if (origin === undefined || isOwn(c, origin)) return next();
    if (origins.includes(origin)) return named(c, next);
    throw new ApiError(
      403,
      'origin',
      'expected a page of this server or of an origin given to serve --admin-origin',
    );
  };
}

/** By host alone: a proxy that ends TLS hides the scheme. */
function isOwn(c: Context, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}
