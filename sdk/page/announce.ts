/**
 * Opt-in: tells the shop's own analytics which promotions were seen and taken, as GA4's `view_promotion` and
 * `select_promotion` in the dataLayer. That carries the choice off the device, so it happens only while the shopper
 * agrees to measurement.
 */

import type { Consent, PromoEdge, SlotDecision } from '../api.ts';
import { writeDataLayer } from './data-layer.ts';

export function announce(edge: PromoEdge, consent: () => Consent): () => void {
  const decided = new Map<string, SlotDecision>();
  /** Slots whose action somebody looks at, such as a preview's: nobody counts it. */
  const forced = new Set<string>();
  const say = (event: string, slot: string, action: string, name?: string): void => {
    if (action === 'none' || consent().measurement !== 'granted') return;
    const ecommerce = { promotion_id: action, promotion_name: name, creative_slot: slot };
    writeDataLayer({ event, ecommerce });
  };
  const seen = async (id: string): Promise<void> => {
    // Decided before this file was here: the device remembers it. What was forced it does not.
    const decision = decided.get(id) ?? (await edge.explain(id));
    decided.delete(id);
    if (decision) say('view_promotion', decision.slot, decision.action, decision.creative?.title);
  };
  const taken = ({ target }: Event): void => {
    const slot = (target as Element | null)?.closest?.<HTMLElement>('promo-slot');
    const action = slot?.dataset['decided'];
    const name = slot?.getAttribute('name') ?? '';
    if (action && !forced.has(name)) say('select_promotion', name, action);
  };
  addEventListener('click', taken);
  const stops = [
    edge.on('decision', (decision) => {
      const { id, slot, source } = decision;
      if (source !== 'override') decided.set(id, decision);
      forced[source === 'override' ? 'add' : 'delete'](slot);
    }),
    edge.on('exposure', ({ id }) => void seen(id)),
    () => removeEventListener('click', taken),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
