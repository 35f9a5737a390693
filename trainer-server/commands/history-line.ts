/** The history inside a request line. */

import { BadInput } from '../../shared/errors.ts';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';

/** Events of `history`; the shopper is implied. @throws BadInput naming the event and its field */
export function readHistory(raw: readonly unknown[], currency: string): BehaviourEvent[] {
  return raw.map((event, i) => {
    try {
      return readEvent(event, currency, 'shopper');
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const field = `history[${i}]${error.place.field === undefined ? '' : `.${error.place.field}`}`;
      throw new BadInput({ field }, error.expected, error.found);
    }
  });
}
