/** Another release chooses, in this page alone: its choice is forced upon the SDK, which logs no forced decision. */

import { argmax } from '../../shared/choose.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { DecideOptions, PromoEdge, SlotDecision, SlotName } from '../api.ts';
import { decideSlot, SEEN_EVENTS } from '../worker/decide.ts';
import type { OpenedRelease } from './open-release.ts';

/** How it chooses: as published, by a draw that explores; the best always. */
export type Choosing = 'explore' | 'best';

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
  const { model, engine } = whole;
  const before = edge.decideAll;
  const touched = new Set<SlotName>();

  const choose = async (slot: SlotName, options: DecideOptions): Promise<string> => {
    const { events = [], dismissed = [] } = ((await edge.exportData()) ?? {}) as Exported;
    const known = options.eligible ?? ['none', ...model.decision.promotions.keys()];
    const asked = {
      ...{ id: '', slot, ts: Date.now(), seed: `${Date.now()}-${drawn++}`, consented: false, heldOut: false },
      options: {
        ...options,
        eligible: known.filter((action) => !options.shown?.includes(action)),
        dismissed: [...(options.dismissed ?? []), ...dismissed],
      },
      history: events.slice(-SEEN_EVENTS),
    };
    const { decision, probabilities } = await decideSlot(asked, model, engine, () => 0);
    if (choosing === 'explore') return decision.action;
    return Object.keys(decision.values)[argmax(probabilities)] ?? 'none';
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
      const promotion = model.meta.promotions.find(({ id }) => id === action);
      edge.override(slot, (action ?? null) as Parameters<PromoEdge['override']>[1], promotion);
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
