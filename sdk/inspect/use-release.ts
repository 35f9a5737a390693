/** Another release chooses, in this page alone: its choice is forced upon the SDK, which logs no forced decision. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { Action, DecideOptions, PromoEdge, SlotDecision, SlotName } from '../api.ts';
import { type Choosing, chooseSlot } from './choose-slot.ts';
import type { OpenedRelease } from './open-release.ts';

/** As much of `exportData()` as a decision reads. */
interface Exported {
  events?: BehaviourEvent[];
  dismissed?: string[];
}

let drawn = 0;

/**
 * Every later decision of the page is the release's own choice for what the device knows at that moment; its source is
 * 'override'. Expired releases choose too, and coupons that cannot be claimed now are not left out.
 * @returns how to go back to what decided before
 */
export function useRelease(
  edge: PromoEdge,
  { whole }: OpenedRelease,
  choosing: Choosing = 'explore',
): () => void {
  const before = edge.decideAll;
  const touched = new Set<SlotName>();

  const choose = async (slot: SlotName, options: DecideOptions): Promise<string> => {
    const { events: history = [], dismissed = [] } = ((await edge.exportData()) ?? {}) as Exported;
    const ts = Date.now();
    const known = { history, ts, seed: `${ts}-${drawn++}`, choosing };
    return chooseSlot(
      slot,
      { ...options, dismissed: [...(options.dismissed ?? []), ...dismissed] },
      whole,
      known,
    );
  };

  const instead = async (
    slots: readonly SlotName[],
    options: DecideOptions = {},
  ): Promise<SlotDecision[]> => {
    const shown = [...(options.shown ?? [])];
    for (const slot of slots) {
      // What cannot be decided here is decided as before: a page must not wait for an inspector.
      const action = await choose(slot, { ...options, shown }).catch(() => undefined);
      if (action !== undefined && action !== 'none') shown.push(action);
      const promotion = whole.model.meta.promotions.find(({ id }) => id === action);
      edge.override(slot, (action ?? null) as Action | null, promotion);
      touched.add(slot);
    }
    return before.call(edge, slots, options);
  };

  edge.decideAll = instead;
  return () => {
    // Another release may have been taken up over this one: then it goes on.
    if (edge.decideAll === instead) edge.decideAll = before;
    for (const slot of touched) edge.override(slot, null);
  };
}
