import { afterEach, describe, expect, it, vi } from 'vitest';
import { segment, segmentEvent } from '../../../../sdk/page/collect/segment.ts';
import { eventOf } from '../../../../sdk/worker/event.ts';

/** What the worker makes of a call to `analytics.track`, without what every event has. */
function read(event: string, properties?: object): object | undefined {
  const found = segmentEvent(event, properties);
  if (found === undefined) return undefined;
  const { visitor: _, ts: __, ...rest } = eventOf(...found, 1, 'USD')!;
  return rest;
}

afterEach(() => vi.unstubAllGlobals());

/** Written after segment.com/docs/connections/spec/ecommerce, versions 2 and 1. */
describe('Segment', () => {
  const monopoly = {
    product_id: '507f1f77bcf86cd799439011',
    sku: 'G-32',
    category: 'Games',
    name: 'Monopoly: 3rd Edition',
    price: 19,
    quantity: 1,
  };
  const uno = {
    product_id: '505bd76785ebb509fc183733',
    category: 'Games',
    name: 'Uno',
    price: 3.5,
    quantity: 2,
  };
  const items = [
    { sku: 'G-32', quantity: 1, price: 1900 },
    { sku: '505bd76785ebb509fc183733', quantity: 2, price: 350 },
  ];

  it.each<[string, object | undefined, object]>([
    [
      'Product Viewed',
      { ...monopoly, currency: 'USD', value: 18.99 },
      { name: 'view_item', items: [items[0]!] },
    ],
    [
      'Product List Viewed',
      { list_id: 'hot_deals', products: [monopoly, uno] },
      { name: 'view_item_list', items },
    ],
    ['Product Clicked', monopoly, { name: 'select_item', items: [items[0]!] }],
    ['Products Searched', { query: 'blue hotpants' }, { name: 'search', query: 'blue hotpants' }],
    ['Product Added', { cart_id: 'c', ...uno }, { name: 'add_to_cart', items: [items[1]!] }],
    ['Product Removed', uno, { name: 'remove_from_cart', items: [items[1]!] }],
    [
      'Product Added to Wishlist',
      { wishlist_id: 'w', ...uno },
      { name: 'add_to_wishlist', items: [items[1]!] },
    ],
    [
      'Checkout Started',
      { order_id: '1', revenue: 26, products: [monopoly, uno] },
      { name: 'begin_checkout', value: 2600, items },
    ],
    [
      'Order Completed',
      {
        order_id: '1',
        total: 27.5,
        subtotal: 22.5,
        revenue: 25,
        shipping: 3,
        tax: 2,
        currency: 'USD',
        products: [monopoly, uno],
      },
      { name: 'purchase', value: 2500, items },
    ],
    [
      'Order Refunded',
      { order_id: '1', total: 19, products: [monopoly] },
      { name: 'refund', value: 1900, items: [items[0]!] },
    ],
    [
      'Product Reviewed',
      { product_id: 'p', rating: '5' },
      { name: 'rate', rating: 5, items: [{ sku: 'p', quantity: 1 }] },
    ],
    [
      'Promotion Viewed',
      { promotion_id: 'promo_1', name: '75% store-wide' },
      { name: 'view_promotion', promotion: 'promo_1' },
    ],
    ['Promotion Clicked', { promotion_id: 'promo_1' }, { name: 'select_promotion', promotion: 'promo_1' }],
    // Version 1.
    ['Viewed Product', { id: 'p', sku: 'G-32', price: 19 }, { name: 'view_item', items: [items[0]!] }],
    ['Viewed Product Category', { category: 'Games' }, { name: 'view_item_list' }],
    [
      'Added Product',
      { id: 'p', price: '3.50' },
      { name: 'add_to_cart', items: [{ sku: 'p', quantity: 1, price: 350 }] },
    ],
    [
      'Completed Order',
      {
        orderId: '50314b8e',
        total: 30,
        revenue: 25,
        products: [{ id: 'p', sku: 'G-32', price: 19, quantity: 1 }],
      },
      { name: 'purchase', value: 2500, items: [items[0]!] },
    ],
    ['product_added', uno, { name: 'add_to_cart', items: [items[1]!] }],
  ])('%s', (event, properties, expected) => {
    const { attributes: _, ...found } = read(event, properties) as Record<string, unknown>;
    expect(found).toEqual(expected);
  });

  it.each(['Cart Viewed', 'Coupon Applied', 'Signed Up', ''])('says nothing of %j', (event) => {
    expect(read(event)).toBeUndefined();
  });

  it('is heard through the stub that the page has before the library', () => {
    const listeners: ((event: unknown, properties: unknown) => void)[] = [];
    vi.stubGlobal('analytics', {
      on: (_: string, listener: (typeof listeners)[0]) => listeners.push(listener),
    });
    vi.stubGlobal('removeEventListener', () => undefined);
    const tracked: string[] = [];
    const stop = segment((name) => tracked.push(name));
    listeners[0]!('Product Viewed', monopoly);
    listeners[0]!('Signed Up', null);
    stop();
    listeners[0]!('Product Viewed', monopoly);
    expect(tracked).toEqual(['view_item']);
  });
});
