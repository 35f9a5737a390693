/** The one script in a written page itself: before anything is drawn, the light that the shopper chose. */

import { policySource } from './policy-source.ts';

/**
 * A page that was written in another language than the one chosen here is not shown: its script says it anew. Nothing is
 * read where storage may not be touched.
 */
export const EARLY = `try{const s=JSON.parse(localStorage["lantern-lane"]||"{}"),d=document.documentElement;if(s.theme)d.dataset.theme=s.theme;if(s.language&&!d.lang.startsWith(s.language))d.dataset.other=""}catch{}`;

/** For `script-src`: this text and no other. */
export const EARLY_SOURCE = policySource(EARLY);
