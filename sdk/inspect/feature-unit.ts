/** What a context feature's number measures. The formulas are those of `shared/features/context/group.ts`. */

const COUNT = 'ln(1 + n) / 2';
const RECENCY = '1: now, 0: 30 d';
const PRICE = 'ln(price / typical)';
const SHARE = '0-1';
const FLAG = '0, 1';

/** The first that matches `group/name`. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/recency$|cart\.touched$/, RECENCY],
  [/^behaviour\/events$/, 'ln(1 + n) / 4'],
  [/^behaviour\/session\.minutes$/, 'ln(1 + min) / 2'],
  [/^behaviour\/dwell$/, 'ln(1 + s) / 2'],
  [/^behaviour\/ratings$/, 'stars / 2.5 - 1'],
  [
    /^behaviour\/history\.|\.known$|^cart\/cart\.(any|checkout|above)|^slot\/|^time\/(month\.end|(sun|mon|tue|wed|thu|fri|sat)$)/,
    FLAG,
  ],
  [/^behaviour\//, COUNT],
  [/^rates\//, '2 × ratio'],
  [/^searches\/wishes\.share$|^interests\/(.*concentration|category.*|session\.share|repeated)$/, SHARE],
  [/^(searches|interests)\//, COUNT],
  [/^cart\/cart\.value$|^prices\/bought\.(value|order)$/, 'ln(1 + sum / typical) / 2'],
  [/^cart\/cart\.dearest$/, PRICE],
  [/^cart\//, COUNT],
  [/^prices\/.*rank$/, '-1-1'],
  [/^prices\/bought\.units$/, COUNT],
  [/^prices\/(bought\.(discount|promoted)|viewed\.reduced.*)$/, SHARE],
  [/^prices\//, PRICE],
  [/^exposure\/(clicked\.rate|bought\.without)$/, SHARE],
  [/^exposure\//, COUNT],
  [/^time\/.*(sin|cos)$/, 'UTC, -1-1'],
  [/^attributes\/.*\.standard$/, 'σ'],
  [/^attributes\//, FLAG],
];

/** @returns '' for one that no rule names: the number stands as it is */
export const unitOf = (group: string, name: string): string =>
  UNITS.find(([pattern]) => pattern.test(`${group}/${name}`))?.[1] ?? '';
