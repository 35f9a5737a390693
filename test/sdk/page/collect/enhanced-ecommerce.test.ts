import { describe, expect, it } from 'vitest';
import { ecommerceEvents } from '../../../../sdk/page/collect/enhanced-ecommerce.ts';
import { eventOf } from '../../../../sdk/worker/event.ts';

/** What the worker makes of an entry, without what every event has. */
const read = (entry: unknown): object[] =>
  ecommerceEvents(entry).map(([name, props]) => {
    const { visitor: _, ts: __, ...event } = eventOf(name, props, 1, 'USD')!;
    return event;
  });

/** Written after the examples of developers.google.com/analytics/devguides/collection/ua/gtm/enhanced-ecommerce. */
describe("Universal Analytics' ecommerce objects", () => {
  const shirt = {
    name: 'Android T-Shirt',
    id: '12345',
    price: '15.25',
    brand: 'Google',
    category: 'Apparel',
    quantity: 2,
  };

  it.each<[string, unknown, object[]]>([
    [
      'a product with impressions and a promotion on one page',
      {
        ecommerce: {
          currencyCode: 'USD',
          detail: { actionField: { list: 'Apparel' }, products: [shirt] },
          impressions: [{ id: '9', position: 1 }],
          promoView: { promotions: [{ id: 'JUNE', name: 'June' }, { id: 'FREE' }] },
        },
      },
      [
        { name: 'view_item', items: [{ sku: '12345', quantity: 2, price: 1525 }] },
        { name: 'view_item_list', items: [{ sku: '9', quantity: 1 }] },
        { name: 'view_promotion', promotion: 'JUNE' },
        { name: 'view_promotion', promotion: 'FREE' },
      ],
    ],
    [
      'a purchase',
      {
        event: 'transaction',
        ecommerce: {
          currencyCode: 'USD',
          purchase: { actionField: { id: 'T12345', revenue: '35.43' }, products: [shirt] },
        },
      },
      [{ name: 'purchase', value: 3543, items: [{ sku: '12345', quantity: 2, price: 1525 }] }],
    ],
    [
      'the first step of a checkout, and no other',
      { event: 'checkout', ecommerce: { checkout: { actionField: { step: 2 }, products: [shirt] } } },
      [],
    ],
    ['what GA4 pushes', { event: 'purchase', ecommerce: { value: 3, items: [{ item_id: 'a' }] } }, []],
    ['the clearing before each push', { ecommerce: null }, []],
    ['numbers, texts and nothing', 7, []],
  ])('%s', (_what, entry, events) => {
    expect(read(entry)).toEqual(events);
  });
});
