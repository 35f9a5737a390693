/** Products and behaviour as text: the only place where either becomes words for the text encoder. */

import { type BehaviourEvent, type EventName, itemsOf } from '../event.ts';
import type { Product } from '../product.ts';
import type { Attributes } from '../read.ts';

/** What a product's text is made of; a page that knows only a title has enough. */
export type ProductWords = Pick<Product, 'title'> &
  Partial<Pick<Product, 'description' | 'category' | 'brand' | 'attributes'>>;

/** Attribute values beyond this are prose (care instructions, disclaimers) and would push the rest out. */
const LONGEST_ATTRIBUTE = 40;

/**
 * A product as text, what identifies it first, since encoders cut the end off. Prices and ratings are left out:
 * they have inputs of their own. The category is left out too, so that a text may be used to tell it.
 */
export function productText(product: ProductWords): string {
  return sentence([
    product.title,
    product.brand,
    ...attributeTexts(product.attributes),
    product.description === undefined ? undefined : plain(product.description),
  ]);
}

/** The category path as text, from the root down. */
export function categoryText(category: readonly string[] | undefined): string {
  return (category ?? []).join(' ');
}

/** How each event is told. Impressions say what the shop did, not the shopper, and are left out. */
const VERBS: Partial<Record<EventName, string>> = {
  view_item: 'viewed',
  select_item: 'chose',
  search: 'searched',
  add_to_cart: 'added',
  remove_from_cart: 'removed',
  add_to_wishlist: 'wished',
  begin_checkout: 'checkout',
  purchase: 'bought',
  refund: 'returned',
  rate: 'rated',
  select_promotion: 'promotion',
};

/** Events told at most; the last ones matter. */
const EVENTS_TOLD = 16;

/**
 * A shopper as text: declared attributes, then the latest behaviour, newest first (encoders cut the end off).
 * @param wordsOf the product of a sku, where it is known
 */
export function profileText(
  history: readonly BehaviourEvent[],
  wordsOf: (sku: string) => ProductWords | undefined,
  attributes?: Attributes,
): string {
  const told: string[] = [];
  for (let i = history.length - 1; i >= 0 && told.length < EVENTS_TOLD; i--) {
    const text = eventText(history[i]!, wordsOf);
    if (text !== undefined && text !== told.at(-1)) told.push(text);
  }
  return sentence([...attributeTexts(attributes), ...told]);
}

function eventText(
  event: BehaviourEvent,
  wordsOf: (sku: string) => ProductWords | undefined,
): string | undefined {
  const verb = VERBS[event.name];
  if (verb === undefined) return undefined;
  if (event.name === 'search') return event.query === undefined ? undefined : `${verb} ${plain(event.query)}`;
  const titles = itemsOf(event).flatMap(({ sku }) => {
    const title = plain(wordsOf(sku)?.title ?? '');
    return title === '' ? [] : [title];
  });
  if (titles.length > 0) return `${verb} ${titles.slice(0, 4).join(', ')}`;
  return event.name === 'begin_checkout' ? verb : undefined;
}

function attributeTexts(attributes: Attributes | undefined): string[] {
  return Object.entries(attributes ?? {})
    .filter(([, value]) => value !== false && String(value).length <= LONGEST_ATTRIBUTE)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => (value === true ? name : `${name} ${value}`).replaceAll('_', ' '));
}

/** Descriptions come as HTML from many shops. */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|nbsp|quot|lt|gt|#\d+);/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function sentence(parts: readonly (string | undefined)[]): string {
  return parts.flatMap((part) => (part === undefined || part.trim() === '' ? [] : [part.trim()])).join('. ');
}
