/** Why a product is shown, in the shop's language. */

import type { CrossReason } from './complements.ts';

type Words = Record<CrossReason['code'], (title: string) => string>;

/** By the language of a BCP 47 tag; the first where there is none. */
const WORDS: Record<string, Words> = {
  en: {
    'goes-with': (title) => `Goes with ${title}`,
    'bought-together': (title) => `Often bought with ${title}`,
    replaces: (title) => `Replaces ${title}`,
    likely: () => 'Fits what you looked at',
  },
  zh: {
    'goes-with': (title) => `与${title}搭配`,
    'bought-together': (title) => `常与${title}一起购买`,
    replaces: (title) => `替代${title}`,
    likely: () => '与您浏览的商品相关',
  },
  de: {
    'goes-with': (title) => `Passt zu ${title}`,
    'bought-together': (title) => `Oft gekauft mit ${title}`,
    replaces: (title) => `Ersetzt ${title}`,
    likely: () => 'Passt zu dem, was Sie angesehen haben',
  },
};

/** @param titleOf a product's title, or its sku where it has none */
export function reasonWords(reason: CrossReason, titleOf: (row: number) => string, locale: string): string {
  const words = WORDS[locale.split('-')[0]!.toLowerCase()] ?? WORDS.en!;
  const { code } = reason;
  if (code === 'likely') return words.likely('');
  return words[code](titleOf('beside' in reason ? reason.beside : reason.replaced));
}
