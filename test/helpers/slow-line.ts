/**
 * A line between a browser and a server: a TCP proxy with latency and bandwidth. Chromium's own emulation does not
 * reach the requests of a worker; nothing gets past this one.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

export interface Line {
  /** Milliseconds of a round trip; a new connection costs one more. */
  latencyMs: number;
  bytesPerS: number;
}

export interface SlowLine {
  /** `http://127.0.0.1:PORT` to `http://127.0.0.1:PORT` behind the line. */
  through(origin: string): Promise<string>;
  close(): void;
}

/** All connections share the bandwidth, downwards; what goes up is small and only waits. */
export function slowLine({ latencyMs, bytesPerS }: Line): SlowLine {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  /** When the line is free again. */
  let freeAt = 0;
  const later = (at: number, work: () => void): void => void setTimeout(work, at - performance.now());
  const arrival = (bytes: number): number => {
    freeAt = Math.max(freeAt, performance.now() + latencyMs / 2) + (bytes / bytesPerS) * 1000;
    return freeAt;
  };
  const join = (browser: Socket, port: number): void => {
    const server = tcpConnect(port, '127.0.0.1');
    const open = performance.now() + latencyMs;
    for (const socket of [browser, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    browser.on('data', (bytes) =>
      later(Math.max(open, performance.now()) + latencyMs / 2, () => server.write(bytes)),
    );
    server.on('data', (bytes) => later(arrival(bytes.length), () => browser.write(bytes)));
    server.on('end', () => later(arrival(0), () => browser.end()));
    browser.on('close', () => server.destroy());
  };
  return {
    async through(origin) {
      const port = Number(new URL(origin).port);
      const server = createServer((socket) => join(socket, port));
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}
