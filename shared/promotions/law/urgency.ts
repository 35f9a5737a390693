/** Limits on urgency: a countdown needs an end that is true. */

import type { Promotion } from '../../promotion.ts';
import { endOf } from '../schedule.ts';
import type { LawRules } from './law-rules.ts';

type Shown = Pick<Promotion, 'terms' | 'schedule' | 'creative'>;

/** Whether what is shown counts down: `creative.countdown`, or that of any locale. */
export function countsDown({ creative }: Shown): boolean {
  if (creative === undefined) return false;
  return [creative, ...Object.values(creative)].some(
    (part) =>
      typeof part === 'object' && part !== null && (part as Record<string, unknown>).countdown === true,
  );
}

/** What is wrong with a promotion's countdown in a region; undefined where nothing is. */
export function falseUrgency(promotion: Shown, { countdown }: LawRules): string | undefined {
  if (countdown === 'free' || !countsDown(promotion)) return undefined;
  if (countdown === 'never') return 'countdowns are not allowed here';
  return endOf(promotion) === undefined ? 'a countdown without an end' : undefined;
}

/**
 * Countdowns whose end was put off: what ended "tonight" in the running release ends later in the next one. A later end
 * makes the earlier statement false, whatever the reason.
 */
export function movedEnds(running: readonly Promotion[], next: readonly Promotion[]): string[] {
  const ends = new Map(running.filter(countsDown).map((promotion) => [promotion.id, endOf(promotion)]));
  return next.flatMap((promotion) => {
    const before = ends.get(promotion.id);
    const after = endOf(promotion);
    return before !== undefined && (after === undefined || after > before) ? [promotion.id] : [];
  });
}
