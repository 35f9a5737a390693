/** The errors every part throws. Each says what was expected, what was found and what to do. */

import { defined } from './defined.ts';

/** Where a value came from: any part may be unknown. */
export interface Place {
  file?: string;
  line?: number;
  field?: string;
}

/** Input that someone else wrote is wrong: a file, a request body, an option. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  constructor(
    readonly place: Place,
    readonly expected: string,
    readonly found: string,
    readonly fix?: string,
  ) {
    super(describe(place, expected, found, fix));
  }
}

/** The same complaint, with more of its place known (a reader of one row does not know its file). */
export function placed({ place, expected, found, fix }: BadInput, more: Place): BadInput {
  return new BadInput({ ...more, ...defined(place) }, expected, found, fix);
}

/** A bundle, manifest or key that must not be used: tampered, expired, of another feature version. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
  constructor(
    readonly code:
      | 'signature'
      | 'hash'
      | 'size'
      | 'expired'
      | 'rollback'
      | 'feature-version'
      | 'format'
      | 'mode-off',
    message: string,
  ) {
    super(message);
  }
}

/** The evidence does not allow the figure that was asked for. */
export class ThinEvidence extends Error {
  override readonly name = 'ThinEvidence';
}

/** Shows a found value in an error message without printing a whole document. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function describe(place: Place, expected: string, found: string, fix?: string): string {
  const where = [place.file, place.line === undefined ? undefined : `line ${place.line}`, place.field]
    .filter((part) => part !== undefined)
    .join(', ');
  const advice = fix === undefined ? '' : `. ${fix}`;
  return `${where === '' ? '' : `${where}: `}expected ${expected}, found ${found}${advice}`;
}
