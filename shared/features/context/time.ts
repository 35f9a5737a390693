/** When it is, in UTC: daily and weekly rhythms. */

import { type ContextGroup, flag } from './group.ts';

const DAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];
const DAY_MS = 86_400_000;

export const name = 'time';

export const names: ContextGroup['names'] = () => [
  'time.known',
  'day.sin',
  'day.cos',
  'half-day.sin',
  'half-day.cos',
  ...DAYS,
];

export const values: ContextGroup['values'] = ({ now }) => {
  if (now === undefined) return new Array<number>(5 + DAYS.length).fill(0);
  // Epoch day 0 was a Thursday.
  const day = Math.floor(now / DAY_MS);
  const angle = (2 * Math.PI * (now - day * DAY_MS)) / DAY_MS;
  const weekday = ((day % 7) + 7) % 7;
  return [
    1,
    Math.sin(angle),
    Math.cos(angle),
    Math.sin(2 * angle),
    Math.cos(2 * angle),
    ...DAYS.map((_, i) => flag(i === weekday)),
  ];
};
