/** The embedded engine of the data stages. ClickHouse runs the same SQL text where data outgrow one machine. */

import { join } from 'node:path';
import { type DuckDBAppender, DuckDBInstance } from '@duckdb/node-api';

/** A cell as the stages use them: text or number (times are epoch milliseconds), or nothing. */
export type Cell = string | number | null;

export interface Engine {
  /** Runs one statement. */
  run(sql: string): Promise<void>;
  /** Rows as objects, a block at a time. */
  rows(sql: string): AsyncGenerator<Record<string, Cell>[]>;
  /** The only number of a query of one row and one column. */
  number(sql: string): Promise<number>;
  /** Adds rows fast. The table's columns must be text (VARCHAR) or numbers (DOUBLE). */
  appender(table: string): Promise<RowAppender>;
  close(): void;
}

export interface RowAppender {
  add(cells: readonly Cell[]): void;
  close(): void;
}

/** What the engine may take. */
export interface EngineLimits {
  /** Megabytes; beyond that it spills to `folder`. */
  memory: number;
  threads: number;
}

export const ENGINE_LIMITS: EngineLimits = { memory: 400, threads: 2 };

/** A database of its own in `folder`, which the caller creates and removes. */
export async function openDuckDb(folder: string, limits: EngineLimits = ENGINE_LIMITS): Promise<Engine> {
  const instance = await DuckDBInstance.create(join(folder, 'stages.duckdb'), {
    memory_limit: `${limits.memory}MB`,
    threads: String(limits.threads),
    temp_directory: join(folder, 'spill'),
    // Nothing may be fetched while importing.
    autoinstall_known_extensions: 'false',
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  return {
    run: async (sql) => void (await connection.run(sql)),
    rows: (sql) => rows(instance, sql),
    number: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return Number(reader.getRowsJS()[0]?.[0] ?? 0);
    },
    appender: async (table) => rowAppender(await connection.createAppender(table)),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * On a connection of its own: any other statement or appender of the same connection would end the stream early,
 * and silently.
 */
async function* rows(instance: DuckDBInstance, sql: string): AsyncGenerator<Record<string, Cell>[]> {
  const connection = await instance.connect();
  try {
    const result = await connection.stream(sql);
    for await (const block of result.yieldRowObjectJs()) yield block as Record<string, Cell>[];
  } finally {
    connection.closeSync();
  }
}

/** Every so many rows the appender's buffer is handed to the engine, or it would grow with the file. */
const FLUSH_ROWS = 20_000;

function rowAppender(appender: DuckDBAppender): RowAppender {
  let held = 0;
  return {
    add(cells) {
      for (const cell of cells) {
        if (cell === null) appender.appendNull();
        else if (typeof cell === 'number') appender.appendDouble(cell);
        else appender.appendVarchar(cell);
      }
      appender.endRow();
      held++;
      if (held < FLUSH_ROWS) return;
      appender.flushSync();
      held = 0;
    },
    close: () => appender.closeSync(),
  };
}
