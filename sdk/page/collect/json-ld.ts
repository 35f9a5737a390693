/** What a page is about, from its schema.org JSON-LD: https://schema.org/Product, ItemList and BreadcrumbList. */

import type { EventProps } from '../../api.ts';
import type { Collector } from './index.ts';

type Thing = Record<string, unknown>;

/** Once the document is whole: shops print it at the end as often as in the head. */
export const jsonLd: Collector = (track) => {
  const read = (): void => {
    const scripts = document.querySelectorAll('script[type="application/ld+json"]');
    const found = pageEvent([...scripts].map((script) => script.textContent));
    if (found !== undefined) track(found.name, found.props);
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', read, { once: true });
  else read();
  return () => removeEventListener('DOMContentLoaded', read);
};

/**
 * The page's product as a `view_item`, else its list of products as a `view_item_list`; undefined where there is
 * neither. Both carry the category that the product or the breadcrumbs name.
 * @param texts of the page's JSON-LD scripts; what is not JSON is passed over
 */
export function pageEvent(texts: readonly unknown[]): { name: string; props: EventProps } | undefined {
  const things = texts.flatMap(thingsIn);
  const category = trail(things.find((thing) => is(thing, 'BreadcrumbList')));
  const product = things.filter(isProduct).map(itemOf).find(Boolean);
  if (product !== undefined)
    return {
      name: 'view_item',
      props: {
        ...product.offer,
        items: [{ category, ...product.item }],
        category: product.category ?? category,
      },
    };
  const list = things.find((thing) => is(thing, 'ItemList', 'OfferCatalog'));
  const items =
    list &&
    elementsOf(list)
      .map(itemOf)
      .filter((found) => found !== undefined);
  if (items === undefined || items.length === 0) return undefined;
  return {
    name: 'view_item_list',
    props: { ...items[0]!.offer, items: items.map(({ item }) => item), category },
  };
}

/** A product's line, its offer's currency, its category; undefined where it names no sku. */
function itemOf(thing: Thing): { item: Thing; offer: EventProps; category: unknown } | undefined {
  // Variants of one product: the first stands for the page.
  const variant = first(thing['hasVariant']) as Thing | undefined;
  const sku = thing['sku'] ?? thing['productID'] ?? variant?.['sku'] ?? thing['productGroupID'];
  if (sku == null) return undefined;
  const offer = (first(thing['offers'] ?? variant?.['offers']) ?? {}) as Thing;
  const details = first(offer['priceSpecification']) as Thing | undefined;
  const price = offer['price'] ?? offer['lowPrice'] ?? details?.['price'];
  const category = nameOf(first(thing['category']));
  return {
    item: {
      sku,
      ...(price == null ? {} : { price }),
      ...(category === undefined ? {} : { category }),
      brand: nameOf(first(thing['brand'])),
      name: nameOf(thing),
    },
    offer: { currency: offer['priceCurrency'] ?? details?.['priceCurrency'] },
    category,
  };
}

/** The names of a breadcrumb trail, 'A > B > C'. A last crumb without an address is the page itself. */
function trail(list: Thing | undefined): string | undefined {
  const crumbs = list === undefined ? [] : elementsOf(list);
  const above = crumbs.at(-1)?.['item'] === undefined ? crumbs.slice(0, -1) : crumbs;
  return above.map(nameOf).filter(Boolean).join(' > ') || undefined;
}

/** The things a list lists, by their positions where all of them have one. */
function elementsOf(list: Thing): Thing[] {
  const elements = [list['itemListElement']].flat().filter(isThing);
  if (elements.every(({ position }) => position !== undefined))
    elements.sort((a, b) => Number(a['position']) - Number(b['position']));
  return elements.map((element) => (isThing(element['item']) ? { ...element, ...element['item'] } : element));
}

const isProduct = (thing: Thing): boolean => is(thing, 'Product', 'ProductGroup', 'IndividualProduct');

/** Types stand alone, in lists, or as full addresses. */
function is(thing: Thing, ...types: string[]): boolean {
  return [thing['@type']]
    .flat()
    .some((type) => types.includes(String(type).replace(/^https?:\/\/schema.org\//, '')));
}

function nameOf(value: unknown): string | undefined {
  if (isThing(value)) return nameOf(value['name']);
  return typeof value === 'string' ? value : undefined;
}

/** What a script holds: one thing, a list, a `@graph`, or a page whose main entity is meant. */
function thingsIn(text: unknown): Thing[] {
  let data: unknown;
  try {
    data = JSON.parse(String(text));
  } catch {
    return [];
  }
  return [data]
    .flat()
    .filter(isThing)
    .flatMap((thing) => [
      thing,
      ...['@graph', 'mainEntity', 'breadcrumb'].flatMap((key) => [thing[key]].flat().filter(isThing)),
    ]);
}

const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null;
const first = (value: unknown): unknown => [value].flat()[0];
