/** A real server process over a real database file, started as an operator starts it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const READY_MS = 60_000;

export interface CouponServer {
  url: URL;
  process: ChildProcess;
  /** Of the shop's own server. */
  shopToken: string;
  /** As a power cut: nothing is said, nothing is flushed. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** @param dir of the database */
export async function startCouponServer(dir: string): Promise<CouponServer> {
  const child = spawn(process.execPath, [CLI, 'serve', '--db', dir, '--port', '0', '--host', '127.0.0.1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<URL>((resolve, reject) => {
    let said = '';
    const timer = setTimeout(
      () => reject(new Error(`serve: not up within ${READY_MS} ms\n${said}`)),
      READY_MS,
    );
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found === null) return;
      clearTimeout(timer);
      resolve(new URL(found[0]));
    });
    child.once('exit', (code) => reject(new Error(`serve: exit code ${code}\n${said}`)));
  });
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  return {
    url,
    process: child,
    shopToken: readFileSync(join(dir, 'keys', 'shop-server.token'), 'utf8').trim(),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
