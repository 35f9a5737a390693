/** Reading options of the command line, with complaints that name them. */

import { BadInput, show } from '../../shared/errors.ts';
import { SITE_NAME } from '../site-name.ts';
import type { OptionValues } from './command.ts';

/** @throws BadInput where it is missing */
export function needed(values: OptionValues, name: string, what: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new BadInput({ field: `--${name}` }, what, 'nothing');
  return value;
}

/** A number within bounds, or the default. @throws BadInput */
export function numberOption(
  values: OptionValues,
  name: string,
  { fallback, min, max, integer = false }: { fallback: number; min: number; max: number; integer?: boolean },
): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  throw new BadInput(
    { field: `--${name}` },
    `a ${integer ? 'whole ' : ''}number from ${min} to ${max}`,
    show(text),
  );
}

/** `--site`. @throws BadInput */
export function siteOption(values: OptionValues): string {
  const site = typeof values.site === 'string' ? values.site : 'demo';
  if (SITE_NAME.test(site)) return site;
  throw new BadInput({ field: '--site' }, 'a name of letters, digits, - and _, at most 64 long', show(site));
}

/** `--db`, or its other name `--data-dir`: the folder of database and keys. @throws BadInput */
export function dbOption(values: OptionValues): string {
  if (typeof values['data-dir'] === 'string') return values['data-dir'];
  return needed(values, 'db', 'the folder of the database');
}

export const DB_OPTIONS = { db: { type: 'string' }, 'data-dir': { type: 'string' } } as const;
