/** The product a page is about, from its schema.org JSON-LD; the worker reads it. */

import type { Collector } from './index.ts';

export const jsonLd: Collector = (track) => {
  const scripts = document.querySelectorAll('script[type="application/ld+json"]');
  track('json-ld', { texts: [...scripts].map((script) => script.textContent) });
  return () => undefined;
};
