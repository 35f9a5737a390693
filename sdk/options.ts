/** Options, from a script tag's data attributes or from init. */

import type { ConsentState, Options } from './api.ts';

export const DEFAULTS = {
  threshold: 1,
  consent: 'granted' as ConsentState,
  sources: [] as readonly string[],
  antiFlicker: 'off' as 'slots' | 'off',
  timeout: 200,
  linkOrigins: [] as readonly string[],
  ort: false,
  pollMs: 300_000,
  outcomeMs: 1_800_000,
  reportMs: 60_000,
  debug: false,
};

export type Settings = Required<Options>;

export const settingsOf = (options: Options): Settings => ({ ...DEFAULTS, ...options });

/** `data-key` and `data-sources` are lists, separated by commas or spaces. */
export function optionsOf(script: HTMLScriptElement): Options {
  const data = script.dataset;
  const options = {
    siteKey: data.siteKey ?? '',
    endpoint: data.endpoint ?? new URL(script.src).origin,
    keys: words(data.key),
    sources: words(data.sources),
    debug: data.debug !== undefined,
    ort: data.ort !== undefined,
  } as Options & Record<string, unknown>;
  const rest = {
    consent: data.consent,
    antiFlicker: data.antiFlicker,
    linkOrigins: data.linkOrigins && words(data.linkOrigins),
  };
  const numbers = {
    timeout: data.timeout,
    pollMs: data.poll,
    outcomeMs: data.outcomeWindow,
    reportMs: data.report,
  };
  for (const [name, value] of Object.entries(rest)) if (value) options[name] = value;
  for (const [name, value] of Object.entries(numbers)) if (value) options[name] = Number(value);
  return options;
}

const words = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);
