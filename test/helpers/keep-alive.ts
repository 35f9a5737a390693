/**
 * One HTTP/1.1 connection that asks one thing after another: fetch and node:http take as much of a core as the server
 * under load, and a load generator must not measure itself. Reads answers with a Content-Length or in chunks.
 */

import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  body: string;
}

export interface Connection {
  /** @param headers lines, each ended by CRLF */
  post(path: string, headers: string, body: string): Promise<RawAnswer>;
  close(): void;
}

export function openConnection({ hostname, port }: URL): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => resolve(connectionOf(socket, hostname)));
  });
}

function connectionOf(socket: Socket, host: string): Connection {
  let received = '';
  let waiting: { resolve(answer: RawAnswer): void; reject(error: Error): void } | undefined;
  const fail = (error: Error): void => waiting?.reject(error);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const answer = wholeAnswer(received);
    if (answer === undefined) return;
    received = '';
    const { resolve } = waiting!;
    waiting = undefined;
    resolve(answer);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection was closed')));
  return {
    post: (path, headers, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        const length = Buffer.byteLength(body);
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`,
        );
      }),
    close: () => void socket.destroy(),
  };
}

/** @returns undefined while something is missing */
function wholeAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  const rest = text.slice(end + 4);
  if (length !== null) return rest.length < Number(length[1]) ? undefined : { status, body: rest };
  if (!rest.endsWith('0\r\n\r\n')) return undefined;
  return { status, body: unchunked(rest) };
}

function unchunked(text: string): string {
  let body = '';
  let at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (!(size > 0)) return body;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
