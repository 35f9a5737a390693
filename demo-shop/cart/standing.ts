/** How an offer that the shopper took stands, in the shopper's words. */

import type { PricedCart } from '../../trainer-server/client/till.ts';
import type { Word } from '../shop/words.ts';

export interface Standing {
  word: Word;
  /** Amounts in minor units under `m`, everything else as it is. */
  fill?: Record<string, string | number>;
}

type Refused = PricedCart['refused'][number];

/** An amount that was taken off, or why none was. */
export function standingOf(id: string, priced: PricedCart): { saved: number } | Standing {
  const applied = priced.applied.find(({ promotion }) => promotion === id);
  if (applied !== undefined) return applied.amount > 0 ? { saved: applied.amount } : { word: 'applied' };
  const refused = priced.refused.find(({ promotion }) => promotion === id);
  return refused === undefined ? { word: 'notYet' } : whyNot(refused);
}

function whyNot({ code, detail }: Refused): Standing {
  const missing = detail.missing;
  switch (code) {
    case 'minimum':
    case 'would-be-free':
      return typeof missing === 'number' ? { word: 'missing', fill: { m: missing } } : { word: 'notBest' };
    case 'too-few-pieces':
      return { word: 'morePieces', fill: { n: missing as number } };
    case 'bundle-incomplete':
      return { word: 'lacks', fill: { skus: missing as string } };
    case 'group':
    case 'not-stackable':
    case 'no-saving':
      return { word: 'notBest' };
    case 'not-started':
    case 'ended':
    case 'outside-hours':
      return { word: 'notNow' };
    default:
      return { word: 'notYet' };
  }
}
