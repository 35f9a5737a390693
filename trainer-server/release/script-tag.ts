/** The script tag that a shop puts on its pages, and the policy that it needs. */

import { integrityOf, pinnedName } from './sdk-builds.ts';

export interface TagParts {
  /** Origin of the trainer, or of the CDN in front of it. */
  endpoint: string;
  site: string;
  /** Public keys in hex that pages pin. */
  keys: readonly string[];
  threshold: number;
  /** The loader's bytes. */
  loader: Uint8Array;
}

/** Pinned by hash: neither a stranger on the CDN nor an update can put another script in its place. */
export function scriptTag({ endpoint, site, keys, threshold, loader }: TagParts): string {
  const attributes = {
    src: `${endpoint}/sdk/${pinnedName('promo-edge.js', loader)}`,
    integrity: integrityOf(loader),
    'data-site-key': site,
    'data-endpoint': endpoint,
    'data-key': keys.join(','),
    ...(threshold === 1 ? {} : { 'data-threshold': `${threshold}` }),
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `<script async crossorigin ${written.join(' ')}></script>`;
}

/** What the SDK adds to a strict Content-Security-Policy (sdk/README.md). */
export const contentSecurityPolicy = (endpoint: string): string =>
  `script-src ${endpoint}/sdk/promo-edge.js 'wasm-unsafe-eval'; worker-src blob:; connect-src ${endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`;
