/** Which sentence says a verdict of the evidence gate. */

import type { Verdict } from './round.ts';
import type { QaWord } from './words.ts';

export function verdictWord({ shipped, low, high }: Verdict): QaWord {
  if (low === undefined || high === undefined) return 'verdictThin';
  if (low === 0 && high === 0) return 'verdictSame';
  if (shipped) return 'verdictShipped';
  if (high < 0) return 'verdictWorse';
  return low > 0 ? 'verdictRail' : 'verdictUnsure';
}
