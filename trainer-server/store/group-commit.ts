/**
 * Many requests, one fsync. Writes that arrive while the event loop is busy share the next transaction; each has a
 * savepoint of its own, so one that fails takes back its own rows alone; none is answered before the commit.
 */

import type { Db } from './database.ts';

/** Runs `work` inside a transaction that holds the write lock. Settles once what it wrote is on the disk. */
export type GroupCommit = <T>(work: () => T) => Promise<T>;

/** A larger group would keep its first request waiting for its last. */
const LARGEST_GROUP = 256;

/**
 * How long another process's writes are waited for. Waiting inside SQLite blocks every other request of this
 * process, so it is short there and goes on outside.
 */
const PATIENCE = { insideMs: 20, outsideMs: 2_000, pauseMs: 5 };

interface Waiting {
  work(): unknown;
  resolve(value: never): void;
  reject(error: unknown): void;
  since: number;
}

type Outcome = { value: unknown } | { error: unknown };

export function groupCommitOf(db: Db): GroupCommit {
  const queue: Waiting[] = [];
  const alone = db.transaction((work: () => unknown) => work());
  const together = db.transaction((group: readonly Waiting[]): Outcome[] =>
    group.map(({ work }) => {
      try {
        return { value: alone(work) };
      } catch (error) {
        // A full disk may end the whole transaction: then nobody's rows are there.
        if (!db.inTransaction) throw error;
        return { error };
      }
    }),
  );
  let scheduled = false;
  const schedule = (): void => {
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    setImmediate(flush);
  };
  const flush = (): void => {
    const group = queue.splice(0, LARGEST_GROUP);
    try {
      const outcomes = quickly(db, () => together.immediate(group));
      scheduled = false;
      outcomes.forEach((outcome, i) => {
        if ('error' in outcome) group[i]!.reject(outcome.error);
        else group[i]!.resolve(outcome.value as never);
      });
    } catch (error) {
      scheduled = false;
      if (again(error, group)) return;
    }
    schedule();
  };
  /** Nothing of the group was written. @returns whether it waits for its next turn */
  const again = (error: unknown, group: Waiting[]): boolean => {
    const oldest = group[0]!.since;
    const busy = (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ?? false;
    if (!busy || performance.now() - oldest > PATIENCE.outsideMs) {
      for (const { reject } of group) reject(error);
      return false;
    }
    queue.unshift(...group);
    scheduled = true;
    // Unequal pauses: sixteen processes that collided once shall not collide for ever.
    setTimeout(flush, PATIENCE.pauseMs * (0.5 + Math.random()));
    return true;
  };
  return (work) =>
    new Promise((resolve, reject) => {
      queue.push({ work, resolve, reject, since: performance.now() });
      schedule();
    });
}

/** With a short wait for the write lock, and the connection's own one again afterwards. */
function quickly<T>(db: Db, work: () => T): T {
  const own = db.pragma('busy_timeout', { simple: true }) as number;
  db.pragma(`busy_timeout = ${PATIENCE.insideMs}`);
  try {
    return work();
  } finally {
    db.pragma(`busy_timeout = ${own}`);
  }
}
