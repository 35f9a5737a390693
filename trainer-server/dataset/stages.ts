/** The cleaning stages: SQL text files, run in the order of their numbers, counted before and after. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UNIX_SECONDS } from '../../shared/unix-seconds.ts';
import { packageRoot } from '../package-root.ts';
import type { Engine } from './duckdb.ts';

/** What the cleaning stages decide by. Each is a column of the one-row table `settings`. */
export interface CleaningSettings {
  /** Times below this (1973) are an order and no clock: they are neither compared nor cut into sessions. */
  clock_starts: number;
  /** Where all times of a source lie from here (2001 in seconds) to clock_starts, they are seconds. */
  seconds_start: number;
  /** Two equal events of a visitor within so many ms are one: tags fire twice. */
  near_duplicate_ms: number;
  /** A visitor with so many events within an hour, who never touches a cart, is a robot. */
  robot_events_per_hour: number;
  /** A pause of more than so many ms ends a session. Source: the 30 minutes of Google Analytics. */
  session_gap_ms: number;
  /** Events later than this lie in the future; epoch ms. */
  latest: number;
  /** Longer looks than this are a forgotten tab or a broken clock. */
  longest_dwell_ms: number;
}

export const CLEANING: Omit<CleaningSettings, 'latest'> = {
  clock_starts: UNIX_SECONDS.below,
  seconds_start: UNIX_SECONDS.least,
  near_duplicate_ms: 500,
  robot_events_per_hour: 1000,
  session_gap_ms: 30 * 60_000,
  longest_dwell_ms: 24 * 3_600_000,
};

/** The settings as the table that every stage may join. */
export async function writeSettings(engine: Engine, settings: CleaningSettings): Promise<void> {
  const columns = Object.entries(settings).map(([name, value]) => `cast(${value} as double) as ${name}`);
  await engine.run(`create table settings as select ${columns.join(', ')}`);
}

/** Runs one stage's file; statements end with a semicolon at a line's end. */
export async function runStage(engine: Engine, name: string): Promise<void> {
  const file = join(packageRoot(), 'trainer-server/dataset/stages', `${name}.sql`);
  const text = (await readFile(file, 'utf8')).replace(/^\s*--.*$/gm, '');
  for (const statement of text.split(/;\s*$/m)) if (statement.trim() !== '') await engine.run(statement);
}
