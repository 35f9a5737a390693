/** Which place on the page asks. */

import { type ContextGroup, flag } from './group.ts';

export const name = 'slot';

export const names: ContextGroup['names'] = (spec) => [
  ...spec.slots.map((name) => `slot:${name}`),
  'slot:other',
];

export const values: ContextGroup['values'] = ({ request, spec }) => {
  const known = spec.slots.map((name) => flag(name === request.slot));
  return [...known, flag(request.slot !== undefined && !known.includes(1))];
};
