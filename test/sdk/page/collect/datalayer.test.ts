import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EventProps } from '../../../../sdk/api.ts';
import { dataLayer, ga4Event } from '../../../../sdk/page/collect/datalayer.ts';
import { writeDataLayer } from '../../../../sdk/page/data-layer.ts';
import { eventOf } from '../../../../sdk/worker/event.ts';

/** As gtag pushes: its own arguments. */
function gtag(..._command: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: what gtag.js does
  return arguments;
}

/** What the worker makes of an entry, without what every event has. */
function read(entry: unknown): object | undefined {
  const found = ga4Event(entry);
  const event = found && eventOf(...found, 1, 'USD');
  if (event === undefined) return undefined;
  const { visitor: _, ts: __, ...rest } = event;
  return rest;
}

afterEach(() => vi.unstubAllGlobals());

/** Written after the examples of developers.google.com/analytics/devguides/collection/ga4/ecommerce. */
describe('GA4 in the dataLayer', () => {
  const item = {
    item_id: 'SKU_12345',
    item_name: 'Stan and Friends Tee',
    discount: 2.22,
    index: 0,
    item_list_id: 'related_products',
    price: 10.01,
    quantity: 3,
  };

  it.each<[string, unknown, object[]]>([
    [
      'a purchase by gtag',
      gtag('event', 'purchase', {
        transaction_id: 'T_12345',
        value: 30.03,
        tax: 4.9,
        shipping: 5.99,
        currency: 'USD',
        coupon: 'SUMMER_SALE',
        items: [item],
      }),
      [{ name: 'purchase', value: 3003, items: [{ sku: 'SKU_12345', quantity: 3, price: 1001 }] }],
    ],
    [
      'a purchase by Tag Manager',
      {
        event: 'purchase',
        ecommerce: { transaction_id: 'T_12345', value: 30.03, currency: 'USD', items: [item] },
        'gtm.uniqueEventId': 7,
      },
      [{ name: 'purchase', value: 3003, items: [{ sku: 'SKU_12345', quantity: 3, price: 1001 }] }],
    ],
    [
      'a full refund names no items',
      gtag('event', 'refund', { currency: 'USD', transaction_id: 'T_12345', value: 30.03 }),
      [{ name: 'refund', value: 3003 }],
    ],
    [
      'a partial refund',
      {
        event: 'refund',
        ecommerce: {
          currency: 'USD',
          transaction_id: 'T_12345',
          value: 10.01,
          items: [{ item_id: 'SKU_12345', quantity: 1, price: 10.01 }],
        },
      },
      [{ name: 'refund', value: 1001, items: [{ sku: 'SKU_12345', quantity: 1, price: 1001 }] }],
    ],
    [
      'a promotion seen',
      gtag('event', 'view_promotion', {
        creative_name: 'Summer Banner',
        creative_slot: 'featured_app_1',
        promotion_id: 'P_12345',
        promotion_name: 'Summer Sale',
        items: [item],
      }),
      [
        {
          name: 'view_promotion',
          promotion: 'P_12345',
          items: [{ sku: 'SKU_12345', quantity: 3, price: 1001 }],
        },
      ],
    ],
    [
      'a promotion taken, named in its item alone',
      {
        event: 'select_promotion',
        ecommerce: { items: [{ promotion_id: 'P_12345', item_id: 'SKU_12345' }] },
      },
      [{ name: 'select_promotion', promotion: 'P_12345', items: [{ sku: 'SKU_12345', quantity: 1 }] }],
    ],
    [
      'a list of items',
      gtag('event', 'view_item_list', { item_list_id: 'related_products', items: [item, { item_id: 2 }] }),
      [
        {
          name: 'view_item_list',
          items: [
            { sku: 'SKU_12345', quantity: 3, price: 1001 },
            { sku: '2', quantity: 1 },
          ],
        },
      ],
    ],
    [
      'prices of another currency, which are dropped',
      gtag('event', 'add_to_cart', { currency: 'EUR', value: 10, items: [{ item_id: 'a', price: 10 }] }),
      [{ name: 'add_to_cart', items: [{ sku: 'a', quantity: 1 }] }],
    ],
    [
      'a search',
      { event: 'view_search_results', search_term: 'oolong' },
      [{ name: 'search', query: 'oolong' }],
    ],
    ['the clearing before each push', { ecommerce: null }, []],
    ['configuration', gtag('config', 'G-XXXX', { send_page_view: false }), []],
    ['consent', gtag('consent', 'default', { analytics_storage: 'denied' }), []],
    ['what Tag Manager pushes itself', { event: 'gtm.load', 'gtm.start': 1 }, []],
    ['numbers, texts and nothing', 7, []],
  ])('%s', (_what, entry, events) => {
    expect([read(entry)].filter(Boolean)).toEqual(events);
  });
});

describe('the dataLayer collector', () => {
  it('reads what is there, then what comes, but never what we wrote ourselves', () => {
    const layer: unknown[] = [gtag('event', 'view_item', { items: [{ item_id: 'a' }] })];
    vi.stubGlobal('dataLayer', layer);
    const tracked: [string, EventProps | undefined][] = [];
    const stop = dataLayer((name, props) => tracked.push([name, props]));
    writeDataLayer({ event: 'view_promotion', ecommerce: { promotion_id: 'ours' } });
    layer.push({ event: 'view_promotion', ecommerce: { promotion_id: 'theirs' } });
    stop();
    layer.push({ event: 'view_promotion', ecommerce: { promotion_id: 'too late' } });
    expect(tracked.map(([name, props]) => [name, props?.promotion_id])).toEqual([
      ['view_item', undefined],
      ['view_promotion', 'theirs'],
    ]);
    expect(layer).toHaveLength(4);
  });
});
