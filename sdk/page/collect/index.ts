/** Where behaviour is read from without code of the shop's: the ordered registry of collectors. */

import type { PromoEdge } from '../../api.ts';
import { guard } from '../emitter.ts';
import { dataLayer } from './datalayer.ts';

/** Starts listening; @returns how to stop. */
export type Collector = (track: PromoEdge['track']) => () => void;

/**
 * To add one: a file with one Collector, one line here, one test. Names are those of `data-sources`. Here stand the
 * ones that the loader carries; those of listen.ts come in a file of their own, where a page names them.
 */
export const COLLECTORS: Record<string, Collector> = { dataLayer };

export function collect(
  sources: readonly string[],
  track: PromoEdge['track'],
  collectors: Record<string, Collector> = COLLECTORS,
): () => void {
  const stops: ((() => void) | undefined)[] = [];
  for (const source of sources) guard(() => stops.push(collectors[source]?.(track)));
  return () => {
    for (const stop of stops) stop?.();
  };
}
