/** Where behaviour is read from without code of the shop's: the ordered registry of collectors. */

import type { PromoEdge } from '../../api.ts';
import { dataLayer } from './datalayer.ts';
import { jsonLd } from './jsonld.ts';

/** Starts listening; @returns how to stop. */
export type Collector = (track: PromoEdge['track']) => () => void;

/** To add one: a file with one Collector, one line here, one test. Names are those of `data-sources`. */
const COLLECTORS: Record<string, Collector> = { dataLayer, jsonld: jsonLd };

export function collect(sources: readonly string[], edge: PromoEdge): () => void {
  const stops = sources.map((source) => {
    try {
      return COLLECTORS[source]?.(edge.track);
    } catch (error) {
      console.error(error);
      return undefined;
    }
  });
  return () => {
    for (const stop of stops) stop?.();
  };
}
