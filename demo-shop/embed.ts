/** The script tag of Promo Edge, as the shop's own server writes it into its pages. */

import { escaped } from './escaped.ts';

export interface Embed {
  endpoint: string;
  siteKey: string;
  /** Ed25519 public keys in hex, separated by commas. */
  keys: string;
  /** Milliseconds that a slot waits for its decision; the SDK's own default where absent. */
  timeout?: number;
  /** The SDK's clocks, ms, where they are not its own. */
  clocks?: { pollMs?: number; outcomeMs?: number; reportMs?: number };
}

/** From the environment; absent where no key is known: the shop then stands on its own feet. */
export function embedFrom(env: Record<string, string | undefined>): Embed | undefined {
  if (env.PROMO_EDGE_KEY === undefined || env.PROMO_EDGE_KEY === '') return undefined;
  return {
    endpoint: new URL(env.PROMO_EDGE_ENDPOINT ?? 'http://localhost:8787').origin,
    siteKey: env.PROMO_EDGE_SITE ?? 'demo',
    keys: env.PROMO_EDGE_KEY,
  };
}

const PLACE = '<!-- promo-edge -->';

/** @param page the shop's page; the tag replaces the comment `<!-- promo-edge -->` */
export function withEmbed(page: string, embed: Embed | undefined): string {
  return page.replace(PLACE, () => (embed === undefined ? '' : scriptTag(embed)));
}

export function scriptTag({ endpoint, siteKey, keys, timeout, clocks = {} }: Embed): string {
  const data = {
    'site-key': siteKey,
    endpoint,
    key: keys,
    sources: 'dataLayer',
    grants: '',
    ...(timeout === undefined ? {} : { timeout: `${timeout}` }),
    ...Object.fromEntries(Object.entries(clocks).map(([name, ms]) => [kebab(name), `${ms}`])),
  };
  const attributes = Object.entries(data).map(([name, value]) => `data-${name}="${escaped(value)}"`);
  return `<script async crossorigin src="${escaped(endpoint)}/sdk/promo-edge.js" ${attributes.join(' ')}></script>`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Who may be framed, and by whom: nobody, but where the page `/qa` seats its shoppers. */
export interface Frames {
  src?: string;
  ancestors?: string;
}

/** Of what is written into a page itself, as a policy names it: `'sha256-…'`. */
export interface OwnSources {
  script?: string;
  style?: string;
}

const named = (source: string | undefined): string => (source === undefined ? '' : ` ${source}`);

/** The strictest policy under which shop and SDK work: scripts from here and the trainer alone. */
export function contentSecurityPolicy(
  embed: Embed | undefined,
  { src, ancestors = "'none'" }: Frames = {},
  own: OwnSources = {},
): string {
  const trainer = embed === undefined ? '' : ` ${embed.endpoint}`;
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${named(own.script)}${trainer}`,
    'worker-src blob:',
    `connect-src 'self'${trainer}`,
    "img-src 'self' data:",
    `style-src 'self'${named(own.style)}`,
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
    ...(src === undefined ? [] : [`frame-src ${src}`]),
    "require-trusted-types-for 'script'",
    'trusted-types lit-html promo-edge',
  ].join('; ');
}
