/** Everything that goes out, goes out at the start or here: by the clock, whatever the shopper does. */

import type { WorkerConfig } from '../protocol.ts';

/** Milliseconds from a first group to its idle group. A clock: a quiet moment would be behaviour. */
const IDLE_MS = 2000;
/** Milliseconds between two looks for a release while there is none. */
const IMPATIENT_MS = 15_000;
/** Milliseconds to the first turn of the reports: most pages are left within a minute. */
const FIRST_REPORT_MS = 10_000;

export interface Turns {
  /** Fetches the idle group of the release in use. */
  idle(): void;
  /** Looks for a newer release. */
  poll(): Promise<void>;
  /** Sends what was consented to. */
  report(): void;
  /** Whether there is a release to decide with. */
  ready(): boolean;
}

/** @returns how to stop it */
export function keepTime(
  { pollMs, reportMs }: Pick<WorkerConfig, 'pollMs' | 'reportMs'>,
  turns: Turns,
): () => void {
  let on = true;
  const idle = () => setTimeout(() => on && turns.idle(), IDLE_MS);
  const report = () => on && turns.report();
  const poll = async (): Promise<void> => {
    if (!on) return;
    await turns.poll();
    idle();
    look();
  };
  const look = () => setTimeout(poll, turns.ready() ? pollMs : Math.min(IMPATIENT_MS, pollMs));
  idle();
  look();
  setTimeout(report, Math.min(FIRST_REPORT_MS, reportMs));
  setInterval(report, reportMs);
  return () => {
    on = false;
  };
}
