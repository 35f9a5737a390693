/** How much of its privacy a device has spent. Pure rules: who keeps the ledger also locks it. */

export const PRIVACY_LIMITS = {
  /** Of one report. Source: SAFETY, "at most eps 1 per report". */
  perReport: 1,
  /** Of all reports that a device ever sends (sequential composition adds them up). */
  lifetime: 10,
  /** Between two reports, and between consent and the first one, ms. */
  everyMs: 7 * 86_400_000,
} as const;

export interface Spending {
  /** Epoch ms, by the device's clock. */
  at: number;
  /** Version of the release that was reported on. */
  release: number;
  epsilon: number;
}

export interface Ledger {
  /** When the shopper first agreed, ms; absent where that never was. */
  since?: number;
  /** Every report ever prepared, oldest first: written before it is sent. */
  spent: Spending[];
}

export const EMPTY_LEDGER: Ledger = { spent: [] };

export const spentOf = ({ spent }: Ledger): number => spent.reduce((sum, { epsilon }) => sum + epsilon, 0);

/** The shopper has agreed: the first report is due a week from the first time, and what was spent stays spent. */
export const agreedTo = (ledger: Ledger, now: number): Ledger =>
  ledger.since === undefined ? { ...ledger, since: now } : ledger;

/** When the next report may go, ms; undefined where none may. */
export function nextReportAt(ledger: Ledger, epsilon: number): number | undefined {
  const { perReport, lifetime, everyMs } = PRIVACY_LIMITS;
  if (ledger.since === undefined || !(epsilon > 0 && epsilon <= perReport)) return undefined;
  if (spentOf(ledger) + epsilon > lifetime) return undefined;
  // The latest time counts, in whatever order they stand: a clock that was set back then waits, it never spends.
  const latest = ledger.spent.reduce((time, { at }) => Math.max(time, at), ledger.since);
  return latest + everyMs;
}

/**
 * The ledger with one more report in it; undefined where none may be sent now. A clock set forward brings reports
 * early, and the lifetime cap bounds them; one set back delays them.
 */
export function spend(ledger: Ledger, { at, release, epsilon }: Spending): Ledger | undefined {
  const due = nextReportAt(ledger, epsilon);
  if (due === undefined || !(at >= due)) return undefined;
  return { ...ledger, spent: [...ledger.spent, { at, release, epsilon }] };
}
