/** Listens, and stops without cutting off an answer. */

import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { BadInput } from '../shared/errors.ts';
import type { Config } from './config.ts';

export interface RunningServer {
  /** With the port that was given, which port 0 leaves to the system. */
  url: string;
  stop(): Promise<void>;
}

/** @throws BadInput where the port is taken or not allowed */
export function listen(app: Hono, { port, host, graceMs }: Config): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: host });
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, port)));
    server.once('listening', () => {
      const address = server.address() as AddressInfo;
      const stop = (): Promise<void> =>
        new Promise((done) => {
          const force = setTimeout(
            () => (server as { closeAllConnections?(): void }).closeAllConnections?.(),
            graceMs,
          );
          server.close(() => {
            clearTimeout(force);
            done();
          });
          (server as { closeIdleConnections?(): void }).closeIdleConnections?.();
        });
      resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, stop });
    });
  });
}

function refused(error: NodeJS.ErrnoException, port: number): Error {
  const found = { EADDRINUSE: 'one that another program uses', EACCES: 'one that needs privileges' }[
    error.code ?? ''
  ];
  return found === undefined ? error : new BadInput({ field: '--port' }, 'a free port', `${port}, ${found}`);
}
