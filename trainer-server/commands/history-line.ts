/** The history inside a request line. */

import { BadInput } from '../../shared/errors.ts';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';
import { areUnixSeconds } from '../../shared/unix-seconds.ts';

/** Events of `history`; the shopper is implied, and times in seconds are read as such. @throws BadInput naming the event and its field */
export function readHistory(raw: readonly unknown[], currency: string): BehaviourEvent[] {
  const events = raw.map((event, i) => {
    try {
      return readEvent(event, currency, 'shopper');
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const field = `history[${i}]${error.place.field === undefined ? '' : `.${error.place.field}`}`;
      throw new BadInput({ field }, error.expected, error.found);
    }
  });
  if (!areUnixSeconds(events.flatMap(({ ts }) => ts ?? []))) return events;
  return events.map((event) => (event.ts === undefined ? event : { ...event, ts: 1000 * event.ts }));
}
