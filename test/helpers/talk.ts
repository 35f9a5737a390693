/** A child process that speaks in lines. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Talker {
  child: ChildProcessByStdio<Writable, Readable, null>;
  say(line: string): void;
  /** The next line. @throws where it ended without one */
  hear(): Promise<string>;
  /** Exit code. */
  ended: Promise<number | null>;
}

/** Runs a script of ours: `tsx SCRIPT ARGS`. */
export function talk(script: string, ...args: string[]): Talker {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    say: (line) => void child.stdin.write(`${line}\n`),
    async hear() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script}: ended without an answer, exit code ${child.exitCode}`);
      return value;
    },
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}
