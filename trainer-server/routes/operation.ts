/** What a route is for, kept beside it: the API's document is made from this and from nothing else. */

import type { MiddlewareHandler } from 'hono';
import type * as v from 'valibot';

export interface Operation {
  /** One line. */
  summary: string;
  /** JSON body of the request. */
  body?: v.GenericSchema;
  query?: v.GenericSchema;
  /** Headers that it needs, beside the token. */
  headers?: Readonly<Record<string, v.GenericSchema>>;
  /** JSON of the answer, or its media type where it is none. */
  answer: v.GenericSchema | string;
}

/** A middleware that does nothing but say what the route after it is for. */
export function describe(operation: Operation): MiddlewareHandler {
  const handler: MiddlewareHandler = (_c, next) => next();
  return Object.assign(handler, { operation });
}

/** Of a middleware made by `describe`. */
export const operationOf = (handler: unknown): Operation | undefined =>
  (handler as { operation?: Operation }).operation;
