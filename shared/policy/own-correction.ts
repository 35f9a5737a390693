/** What a device has learned of its shopper, added to Q before masks' survivors are priced and explored. */

/**
 * @param q of the candidates, in their order
 * @param own by promotion id, as the device kept it: whatever stands there moves no value by more than the bound
 * @param bound of the release; undefined where devices are to learn nothing
 */
export function withOwn(
  q: number[],
  candidates: readonly { id: string }[],
  own: Readonly<Record<string, number>> | undefined,
  bound: number | undefined,
): number[] {
  if (own === undefined || bound === undefined) return q;
  // Not `?? 0`: a promotion may bear the name of something that every object has.
  return q.map((value, i) => value + Math.max(-bound, Math.min(bound, Number(own[candidates[i]!.id]) || 0)));
}
