import { describe, expect, it } from 'vitest';
import { eventOf, itemsFrom } from '../../../sdk/worker/event.ts';

const of = (name: string, props: Record<string, unknown>, currency = 'EUR') =>
  eventOf(name, props, 1000, currency);

describe('eventOf', () => {
  it('reads the parameters of the GA4 reference', () => {
    const purchase = of('purchase', {
      transaction_id: 'T_12345',
      value: 72.05,
      currency: 'EUR',
      items: [
        { item_id: 'SKU_12345', item_name: 'Tee', price: 10.01, quantity: 3 },
        { item_id: 'SKU_12346', price: 21.01, quantity: 2 },
      ],
    });
    expect(purchase).toEqual({
      visitor: 'device',
      name: 'purchase',
      ts: 1000,
      value: 7205,
      items: [
        { sku: 'SKU_12345', quantity: 3, price: 1001 },
        { sku: 'SKU_12346', quantity: 2, price: 2101 },
      ],
    });
    expect(of('view_search_results', { search_term: 'mug' })).toMatchObject({ name: 'search', query: 'mug' });
    expect(of('select_promotion', { items: [{ promotion_id: 'P_1', item_id: 'a' }] })).toMatchObject({
      promotion: 'P_1',
    });
  });

  it('reads our own names, and prices written as text', () => {
    expect(of('add_to_cart', { items: [{ sku: 7, price: '12.50' }] })!.items).toEqual([
      { sku: '7', quantity: 1, price: 1250 },
    ]);
    expect(of('dwell', { sku: 'a', dwell_ms: 900 })).toMatchObject({ sku: 'a', dwellMs: 900 });
  });

  it('drops amounts of another currency instead of converting them', () => {
    const event = of('purchase', { value: 9, currency: 'USD', items: [{ sku: 'a', price: 9 }] });
    expect(event).toEqual({
      visitor: 'device',
      name: 'purchase',
      ts: 1000,
      items: [{ sku: 'a', quantity: 1 }],
    });
  });

  it('drops amounts where no release has said the shop’s currency: hundredths of a yen would stay for ever', () => {
    const event = eventOf(
      'view_item',
      { currency: 'JPY', items: [{ sku: 'a', price: 900 }] },
      1000,
      undefined,
    );
    expect(event!.items).toEqual([{ sku: 'a', quantity: 1 }]);
  });

  it('keeps what the page shows of products that the release does not know, and of no other', () => {
    const items = [
      {
        item_id: 'new',
        item_category: 'Kitchen',
        item_category2: ' Tea ',
        item_brand: 'Uji',
        item_name: 'Sencha',
      },
      { sku: 'path', category: 'Kitchen > Tea', name: 'Gyokuro' },
      { sku: 'list', category: ['Kitchen', '', 'Tea'], brand: '' },
      { sku: 'known', category: 'Kitchen', brand: 'Uji', name: 'Matcha' },
      { sku: 'bare' },
    ];
    const event = eventOf('view_item', { items }, 1000, 'EUR', (sku) => sku === 'known');
    const category = ['Kitchen', 'Tea'];
    expect(event!.items).toEqual([
      { sku: 'new', quantity: 1, category, brand: 'Uji', title: 'Sencha' },
      { sku: 'path', quantity: 1, category, title: 'Gyokuro' },
      { sku: 'list', quantity: 1, category },
      { sku: 'known', quantity: 1 },
      { sku: 'bare', quantity: 1 },
    ]);
  });

  it('counts yen without decimals', () => {
    expect(of('purchase', { value: 1200 }, 'JPY')).toMatchObject({ value: 1200 });
  });

  it('leaves out what it does not know: other events, lines without a product, nonsense numbers', () => {
    expect(of('gtm.js', {})).toBeUndefined();
    expect(
      of('view_item', { items: [{ price: 3 }, null, { item_id: 'a', price: 'free', quantity: -1 }] })!.items,
    ).toEqual([{ sku: 'a', quantity: 0 }]);
  });
});

describe('itemsFrom', () => {
  it('reads a cart in major units', () => {
    expect(itemsFrom([{ sku: 'a', quantity: 2, price: 4.2 }, {}], 'EUR')).toEqual([
      { sku: 'a', quantity: 2, price: 420 },
    ]);
  });
});
