#!/usr/bin/env node
/** `promo-edge`: the command line. */

import { parseArgs } from 'node:util';
import { BadInput } from '../shared/errors.ts';
import type { Command, Io } from './commands/command.ts';
import { COMMANDS } from './commands/index.ts';
import { progressTo } from './progress.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) {
    process.stderr.write(`promo-edge: expected a command, got '${name}'. See promo-edge --help\n`);
    return 2;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  }
  return runCommand(command, rest);
}

async function runCommand(command: Command, argv: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      options: command.options,
      allowPositionals: true,
    });
    return await command.run(values, positionals, terminal());
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`promo-edge ${command.name}: ${text}\n`);
    if (process.env.PROMO_EDGE_DEBUG !== undefined && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return error instanceof BadInput || isUsageError(error) ? 2 : 1;
  }
}

function terminal(): Io {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  // A reader that has seen enough (head, less) closes the pipe: that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    stdin: process.stdin,
    out: (line) => void process.stdout.write(`${line}\n`),
    progress: progressTo(process.stderr, () => performance.now()),
    now: () => Date.now(),
    env: process.env,
    signal: abort.signal,
  };
}

/** Codes are text or, in what an abort throws, numbers. */
function isUsageError(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}

async function overview(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map((entry) => entry.load()));
  const width = Math.max(0, ...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `promo-edge COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\npromo-edge COMMAND --help says more.\n`;
}
