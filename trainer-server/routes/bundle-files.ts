/** `GET /b/:sha256`: published files, by their content and never by a path. */

import { Hono } from 'hono';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { describe, type Operation } from './operation.ts';
import { send } from './send.ts';

const OPERATION: Operation = {
  summary: 'A published file, by the SHA-256 of its content',
  answer: 'application/octet-stream',
};

const SHA256 = /^[0-9a-f]{64}$/;

export function bundleFilesRoute(store: Store): Hono {
  return new Hono().get('/b/:sha256', describe(OPERATION), (c) => {
    const sha256 = c.req.param('sha256');
    const file = SHA256.test(sha256) ? store.releases.file(sha256) : undefined;
    if (file === undefined)
      throw new ApiError(404, 'not-found', 'no published file of this SHA-256', 'sha256');
    return send(c, file, 'public, max-age=31536000, immutable');
  });
}
