/** A clock for one piece of work. */

/**
 * Seconds left of at most this share of what is left now.
 * @param deadline seconds left for everything
 */
export function shareOf(deadline: () => number, share: number): () => number {
  const whole = deadline();
  if (!Number.isFinite(whole)) return deadline;
  const kept = (1 - share) * Math.max(0, whole);
  return () => deadline() - kept;
}
