/**
 * Opt-in: tells the shop's own analytics which promotions were seen and taken, as GA4's `view_promotion` and
 * `select_promotion` in the dataLayer. That carries the choice off the device, so it happens only while the shopper
 * agrees to measurement.
 */

import type { Consent, PromoEdge, SlotDecision } from '../api.ts';
import { writeDataLayer } from './data-layer.ts';

export function announce(edge: PromoEdge, consent: () => Consent): () => void {
  const decided = new Map<string, SlotDecision>();
  const say = (event: string, slot: string, action: string, name?: string): void => {
    if (action === 'none' || consent().measurement !== 'granted') return;
    const ecommerce = { promotion_id: action, promotion_name: name, creative_slot: slot };
    writeDataLayer({ event, ecommerce });
  };
  const taken = ({ target }: Event): void => {
    const slot = (target as Element | null)?.closest?.<HTMLElement>('promo-slot');
    const action = slot?.dataset['decided'];
    if (action) say('select_promotion', slot!.getAttribute('name') ?? '', action);
  };
  addEventListener('click', taken);
  const stops = [
    edge.on('decision', (decision) => void decided.set(decision.id, decision)),
    edge.on('exposure', ({ id }) => {
      const decision = decided.get(id);
      if (!decided.delete(id) || decision!.source === 'override') return;
      say('view_promotion', decision!.slot, decision!.action, decision!.creative?.title);
    }),
    () => removeEventListener('click', taken),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
