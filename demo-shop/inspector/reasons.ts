/** Codes of reasons in words. */

import type { Explanation } from '../../sdk/index.ts';

type Reason = Explanation['reasons'][number];

const WORDS: Readonly<Record<string, string>> = {
  best: 'the highest value net of the price of budget, by {lead}',
  explored: 'drawn to explore; {best} has the highest value',
  'budget-price': '{promotion} would be best if budget were free',
  'only-one': 'nothing else was eligible',
  'not-scheduled': '{promotion}: masked, outside its schedule',
  dismissed: '{promotion}: masked, the shopper is not interested',
  placement: '{promotion}: masked, not for the slot {slot}',
  'shown-often': '{promotion}: masked, shown {shown} times in {days} days',
  'not-eligible': '{promotion}: masked, not eligible ({condition})',
  'prior-price': '{promotion}: masked, {sku} costs more than its lowest price of 30 days',
  'false-urgency': '{promotion}: masked, {wrong}',
  'personalised-price': '{promotion}: chosen from personal data, disclosed by text {text}',
  'promotion-unknown': '{promotion}: masked, this release does not know it',
  'nothing-eligible': 'nothing was eligible',
  'attribute-unknown': 'attribute {name} is unknown to this release, and ignored',
  'value-not-finite': 'a value was not a number: default',
  'no-policy': 'the release has no policy: default',
  timeout: 'no answer in time: default',
  error: 'an error in the worker: default',
};

/** A code that we have no words for is shown as it is. */
export function reasonText({ code, promotion = '', detail = {} }: Reason): string {
  const fill: Record<string, unknown> = { promotion, ...detail };
  const words = WORDS[code] ?? [code, promotion].filter((part) => part !== '').join(': ');
  return words.replace(/\{(\w+)\}/g, (_, name: string) => shown(fill[name]));
}

const shown = (value: unknown): string =>
  typeof value === 'number' ? value.toFixed(2) : String(value ?? '?');
