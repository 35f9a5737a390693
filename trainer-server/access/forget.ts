/** What one person gave, handed out or erased; the audit log keeps that it was erased and how much, not whose it was. */

import { couponKeys, subjectOf } from '../coupons/keys.ts';
import { COMMAND_LINE } from '../store/audit.ts';
import type { Erased, Person, PersonalData } from '../store/personal-data.ts';
import type { Store } from '../store/store.ts';

export const dataOf = (store: Store, site: string, person: Person): PersonalData =>
  store.personalData.find(site, withSubject(store, site, person));

export function forgetPerson(
  store: Store,
  site: string,
  person: Person,
  now: number,
  who: string = COMMAND_LINE,
): Erased {
  const erased = store.transaction(() => {
    const counts = store.personalData.erase(site, withSubject(store, site, person));
    store.audit.add({ at: now, site, who, action: 'erase', detail: { ...counts } });
    return counts;
  });
  store.personalData.forget();
  return erased;
}

function withSubject(store: Store, site: string, person: Person): Person {
  if (person.customer === undefined) return person;
  return { ...person, subject: subjectOf(couponKeys(store.dir), site, person.customer) };
}
