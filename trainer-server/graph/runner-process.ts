/** The trainer's end of its child process. */

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Answer, FromRunner, Request } from './protocol.ts';

/** A child process that answers one message per request, in order. */
export class RunnerProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  private readonly gone: Promise<void>;
  private count = 0;
  private end: Error | undefined;

  constructor(signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    const { file, execArgv } = entry();
    this.child = fork(file, { serialization: 'advanced', execArgv });
    this.child.on('message', (message: FromRunner) => this.settle(message));
    this.child.on('error', (error) => this.fail(error));
    const abort = (): void => void this.child.kill('SIGKILL');
    signal?.addEventListener('abort', abort, { once: true });
    this.gone = new Promise((resolve) => {
      this.child.on('exit', (code, killer) => {
        signal?.removeEventListener('abort', abort);
        const how = killer === null ? `code ${code}` : killer;
        this.fail(
          signal?.aborted
            ? reasonOf(signal)
            : new Error(`training process: ended with ${how}. Resume from the last checkpoint`),
        );
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  ask(request: Request): Promise<Answer> {
    if (this.end !== undefined) return Promise.reject(this.end);
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, request });
    });
  }

  async close(): Promise<void> {
    this.end ??= new Error('training: closed');
    if (this.child.connected) this.child.disconnect();
    await this.gone;
  }

  private settle(message: FromRunner): void {
    const waiter = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('error' in message) waiter?.reject(new Error(`training process: ${message.error}`));
    else waiter?.resolve(message.answer);
  }

  private fail(error: Error): void {
    this.end ??= error;
    for (const { reject } of this.waiting.values()) reject(this.end);
    this.waiting.clear();
  }
}

/** From source the child needs tsx to read TypeScript; the bundle ships the runner as a file of its own. */
function entry(): { file: string; execArgv: string[] } {
  if (!import.meta.url.endsWith('.ts')) {
    return { file: fileURLToPath(new URL('./training-runner.js', import.meta.url)), execArgv: [] };
  }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { file: fileURLToPath(new URL('./runner.ts', import.meta.url)), execArgv: ['--import', loader] };
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
