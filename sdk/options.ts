/** Options, from a script tag's data attributes or from init. */

import type { ConsentState, Options } from './api.ts';

export const DEFAULTS = {
  threshold: 1,
  consent: 'granted' as ConsentState,
  consentFrom: '',
  sources: [] as readonly string[],
  announce: false,
  antiFlicker: 'off' as 'slots' | 'off',
  timeout: 200,
  linkOrigins: [] as readonly string[],
  ort: false,
  pollMs: 300_000,
  outcomeMs: 1_800_000,
  reportMs: 60_000,
  grants: false,
  adapt: 'on' as 'on' | 'off',
  debug: false,
};

export type Settings = Required<Options>;

export const settingsOf = (options: Options): Settings => ({ ...DEFAULTS, ...options });

/**
 * `data-site-key`, `data-endpoint` (default: where the script came from), `data-key` (public keys in hex), and every
 * option of DEFAULTS by its name (`data-poll-ms="60000"`). Lists are separated by commas or spaces; a flag counts
 * as set when it is there.
 */
export function optionsOf({ dataset, src }: HTMLScriptElement): Options {
  const options: Record<string, unknown> = {
    siteKey: dataset.siteKey,
    endpoint: dataset.endpoint ?? new URL(src).origin,
    keys: words(dataset.key),
  };
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const text = dataset[name];
    if (text !== undefined) options[name] = converted(text, value);
  }
  return options as unknown as Options;
}

function converted(text: string, like: unknown): unknown {
  if (typeof like === 'number') return Number(text) || like;
  if (typeof like === 'boolean') return true;
  return Array.isArray(like) ? words(text) : text;
}

const words = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);
