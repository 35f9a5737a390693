/** Runs the built command line as a user does: a process, its streams and its exit code. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

export interface CliResult {
  code: number | null;
  /** Lines of standard output. */
  out: string[];
  err: string;
}

/**
 * `promo-edge ARGS`, with `input` lines on standard input (objects become JSON lines).
 * @param watched is told of the process as soon as it runs
 */
export function promoEdge(
  args: readonly string[],
  input: readonly unknown[] = [],
  watched: (child: ChildProcess) => void = () => undefined,
): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  watched(child);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A command that stops early closes its input: what it says of it is in its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(
    input.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        code,
        out: Buffer.concat(out).toString('utf8').split('\n').filter(Boolean),
        err: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}

/** The same, which must succeed; its output as JSON values. */
export async function promoEdgeJson<T>(
  args: readonly string[],
  input: readonly unknown[] = [],
): Promise<T[]> {
  const { code, out, err } = await promoEdge(args, input);
  if (code !== 0) throw new Error(`promo-edge ${args.join(' ')}: exit code ${code}\n${err}`);
  return out.map((line) => JSON.parse(line) as T);
}
