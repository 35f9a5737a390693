import { describe, expect, it } from 'vitest';
import { pageEvent } from '../../../../sdk/page/collect/json-ld.ts';
import { eventOf } from '../../../../sdk/worker/event.ts';

const read = (...things: unknown[]) => pageEvent(things.map((thing) => JSON.stringify(thing)));

const PRODUCT = {
  '@context': 'https://schema.org/',
  '@type': 'Product',
  name: 'Executive Anvil',
  sku: '0446310786',
  offers: { '@type': 'Offer', priceCurrency: 'USD', price: '119.99' },
};

const CRUMBS = {
  '@context': 'https://schema.org',
  '@type': 'BreadcrumbList',
  itemListElement: [
    { '@type': 'ListItem', position: 2, name: 'Anvils', item: 'https://shop.example/tools/anvils' },
    { '@type': 'ListItem', position: 1, item: { '@id': 'https://shop.example/tools', name: 'Tools' } },
    { '@type': 'ListItem', position: 3, name: 'Executive Anvil' },
  ],
};

/** Written after the examples of developers.google.com/search/docs/appearance/structured-data. */
describe('JSON-LD of a page', () => {
  it('becomes an event of the worker’s, its product nested in a graph or not, under the category that it names', () => {
    const product = {
      '@type': 'Product',
      sku: 'M-1',
      category: 'Kitchen > Mugs',
      brand: { '@type': 'Brand', name: 'Kiln' },
      offers: { '@type': 'Offer', price: '12.50', priceCurrency: 'EUR' },
    };
    for (const data of [product, [product], { '@graph': [{ '@type': 'WebPage' }, product] }]) {
      const { name, props } = pageEvent(['{broken', JSON.stringify(data)])!;
      expect(eventOf(name, props, 1000, 'EUR', () => false)).toMatchObject({
        name: 'view_item',
        items: [{ sku: 'M-1', quantity: 1, price: 1250, category: ['Kitchen', 'Mugs'], brand: 'Kiln' }],
      });
    }
    expect(pageEvent([JSON.stringify({ '@type': 'Article' })])).toBeUndefined();
  });

  it('is a view of its product, under the category of its breadcrumbs', () => {
    expect(read(CRUMBS, PRODUCT)).toEqual({
      name: 'view_item',
      props: {
        currency: 'USD',
        items: [{ sku: '0446310786', name: 'Executive Anvil', price: '119.99', category: 'Tools > Anvils' }],
        category: 'Tools > Anvils',
      },
    });
  });

  it.each<[string, object, object]>([
    [
      'the lowest of several prices',
      { offers: { '@type': 'AggregateOffer', lowPrice: 20, priceCurrency: 'EUR' } },
      { currency: 'EUR', price: 20 },
    ],
    [
      'a price in its specification',
      { offers: [{ priceSpecification: [{ price: 9.5, priceCurrency: 'EUR' }] }] },
      { currency: 'EUR', price: 9.5 },
    ],
    [
      'a type as a full address',
      { '@type': 'https://schema.org/Product' },
      { currency: 'USD', price: '119.99' },
    ],
    ['several types', { '@type': ['Product', 'Book'] }, { currency: 'USD', price: '119.99' }],
  ])('reads %s', (_what, change, { currency, price }: { currency?: string; price?: unknown }) => {
    expect(read({ ...PRODUCT, ...change })!.props).toMatchObject({
      currency,
      items: [{ sku: '0446310786', price }],
    });
  });

  it("names a group of variants by its first variant's sku", () => {
    const group = {
      '@type': 'ProductGroup',
      productGroupID: 'coat',
      hasVariant: [{ '@type': 'Product', sku: 'coat-s', offers: { price: 39 } }],
    };
    expect(read(group)!.props['items']).toEqual([{ sku: 'coat-s', price: 39 }]);
  });

  it('finds the product inside a graph or as the main entity of the page', () => {
    const view = {
      name: 'view_item',
      props: { currency: 'USD', items: [{ sku: '0446310786', name: 'Executive Anvil', price: '119.99' }] },
    };
    expect(read({ '@graph': [{ '@type': 'WebSite' }, PRODUCT] })).toEqual(view);
    expect(read({ '@type': 'ItemPage', mainEntity: PRODUCT })).toEqual(view);
  });

  it('is a list of products where it is about none', () => {
    const list = {
      '@type': 'ItemList',
      itemListElement: [
        { '@type': 'ListItem', position: 1, item: PRODUCT },
        { '@type': 'ListItem', position: 2, url: 'https://shop.example/no-sku' },
        { '@type': 'Product', productID: 'b' },
      ],
    };
    expect(read(list)).toEqual({
      name: 'view_item_list',
      props: {
        currency: 'USD',
        items: [{ sku: '0446310786', name: 'Executive Anvil', price: '119.99' }, { sku: 'b' }],
      },
    });
  });

  it.each<[string, unknown]>([
    ['a product without a sku', { ...PRODUCT, sku: undefined }],
    ['breadcrumbs alone', CRUMBS],
    ['an organisation', { '@type': 'Organization', name: 'x' }],
    ['null', null],
    ['a list of nothing', { '@type': 'ItemList' }],
  ])('says nothing of %s', (_what, thing) => {
    expect(read(thing)).toBeUndefined();
  });

  it('passes over what is not JSON', () => {
    expect(pageEvent(['{"@type":', null, JSON.stringify(PRODUCT)])).toMatchObject({ name: 'view_item' });
  });
});
