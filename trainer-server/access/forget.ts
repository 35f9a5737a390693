/** Erases what one person consented to give; the audit log keeps that it was done and how much, not whose. */

import { COMMAND_LINE } from '../store/audit.ts';
import type { Erased, Person } from '../store/personal-data.ts';
import type { Store } from '../store/store.ts';

export function forgetPerson(
  store: Store,
  site: string,
  person: Person,
  now: number,
  who: string = COMMAND_LINE,
): Erased {
  const erased = store.transaction(() => {
    const counts = store.personalData.erase(site, person);
    store.audit.add({ at: now, site, who, action: 'erase', detail: { ...counts } });
    return counts;
  });
  store.personalData.forget();
  return erased;
}
