/** Logs that count seconds where milliseconds are asked for. */

/** As seconds these are 2001 to 5138, as milliseconds January 1970 to March 1973, when no shop kept a log. */
export const UNIX_SECONDS = { least: 1e9, below: 1e11 } as const;

/** Whether times that should be epoch milliseconds are seconds: every one of them, and there is one. */
export function areUnixSeconds(times: readonly number[]): boolean {
  const { least, below } = UNIX_SECONDS;
  return times.length > 0 && times.every((time) => time >= least && time < below);
}
