/** A slot decided by an opened release, for what is known at this moment: nothing of it is kept. */

import { argmax } from '../../shared/choose.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { DecideOptions } from '../api.ts';
import { decideSlot } from '../worker/decide.ts';
import type { Opened } from './open-release.ts';

/** How it chooses: as published, by a draw that explores; the best always. */
export type Choosing = 'explore' | 'best';

export interface Known {
  /** Oldest first. */
  history: readonly BehaviourEvent[];
  /** Epoch milliseconds. */
  ts: number;
  /** Of the draw. */
  seed: string;
  choosing: Choosing;
}

/** @returns the action: a promotion, or 'none' */
export async function chooseSlot(
  slot: string,
  options: DecideOptions,
  { model, engine }: Opened,
  { history, ts, seed, choosing }: Known,
): Promise<string> {
  const known = options.eligible ?? ['none', ...model.decision.promotions.keys()];
  const asked = {
    ...{ id: '', slot, ts, seed, consented: false, heldOut: false },
    options: { ...options, eligible: known.filter((action) => !options.shown?.includes(action)) },
    history: [...history],
  };
  const { decision, probabilities } = await decideSlot(asked, model, engine, () => 0);
  if (choosing === 'explore') return decision.action;
  return Object.keys(decision.values)[argmax(probabilities)] ?? 'none';
}
