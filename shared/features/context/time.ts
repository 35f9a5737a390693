/** When it is, in UTC: daily and weekly rhythms. */

import { type ContextGroup, flag } from './group.ts';

const DAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'];
/** Five days each, counted back from the end of the month, which paydays and closing dates keep to. */
const FIVES = [0, 5, 10, 15, 20, 25];
const DAY_MS = 86_400_000;

export const name = 'time';

export const names: ContextGroup['names'] = () => [
  'time.known',
  'day.sin',
  'day.cos',
  'half-day.sin',
  'half-day.cos',
  ...DAYS,
  ...FIVES.map((from) => `month.end.${from}`),
];

export const values: ContextGroup['values'] = ({ now }) => {
  if (now === undefined) return new Array<number>(5 + DAYS.length + FIVES.length).fill(0);
  // Epoch day 0 was a Thursday.
  const day = Math.floor(now / DAY_MS);
  const angle = (2 * Math.PI * (now - day * DAY_MS)) / DAY_MS;
  const weekday = ((day % 7) + 7) % 7;
  const five = Math.min(FIVES.length - 1, Math.floor(daysLeft(new Date(now)) / 5));
  return [
    1,
    Math.sin(angle),
    Math.cos(angle),
    Math.sin(2 * angle),
    Math.cos(2 * angle),
    ...DAYS.map((_, i) => flag(i === weekday)),
    ...FIVES.map((_, i) => flag(i === five)),
  ];
};

/** Days of the month that are still to come. */
function daysLeft(date: Date): number {
  return (
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - date.getUTCDate()
  );
}
