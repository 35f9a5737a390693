/** How much of each kind of act, and how long ago. */

import { EVENT_NAMES } from '../../event.ts';
import { type ContextGroup, flag, mean, recency, tamed } from './group.ts';

const TOTALS = [
  'events',
  'events.session',
  'sessions',
  'session.minutes',
  'last.recency',
  'first.recency',
  'dwell',
  'ratings',
  'history.any',
  'history.timed',
];

export const name = 'behaviour';

export const names: ContextGroup['names'] = () => [
  ...TOTALS,
  ...EVENT_NAMES.flatMap((name) => [`${name}.count`, `${name}.session`, `${name}.recency`]),
];

export const values: ContextGroup['values'] = ({ history, kinds, ages, sessionStart, sessions }) => {
  const count = new Float64Array(EVENT_NAMES.length);
  const inSession = new Float64Array(EVENT_NAMES.length);
  const last: (number | undefined)[] = EVENT_NAMES.map(() => undefined);
  kinds.forEach((kind, i) => {
    count[kind]!++;
    if (i >= sessionStart) inSession[kind]!++;
    last[kind] = ages[i];
  });
  const n = history.length;
  const minutes = sessionStart < n ? Math.max(0, ages[sessionStart]! - ages[n - 1]!) / 60 : 0;
  const dwell = history.flatMap((event) => event.dwellMs ?? []);
  const ratings = history.flatMap((event) => event.rating ?? []);
  return [
    tamed(n) / 2,
    tamed(n - sessionStart),
    tamed(sessions),
    tamed(minutes),
    recency(ages[n - 1]),
    recency(ages[0]),
    tamed(mean(dwell) / 1000),
    ratings.length === 0 ? 0 : mean(ratings) / 2.5 - 1,
    flag(n > 0),
    flag(history.some((event) => event.ts !== undefined)),
    ...EVENT_NAMES.flatMap((_, kind) => [tamed(count[kind]!), tamed(inSession[kind]!), recency(last[kind])]),
  ];
};
