import { describe, expect, it } from 'vitest';
import { readLoggedDecision, readRequest } from '../../shared/decision.ts';
import { readEvent } from '../../shared/event.ts';
import { readPromotions } from '../../shared/promotion.ts';
import { writePromotion } from '../../shared/promotions/write-promotion.ts';

describe('reading an event', () => {
  it('takes money in major units and times in both forms', () => {
    const event = readEvent(
      {
        visitor: 7,
        ts: '2026-01-02T03:04:05Z',
        name: 'purchase',
        value: 12.5,
        items: [{ sku: 1, price: 6.25 }],
        dwell_ms: 3,
      },
      'EUR',
    );
    expect(event).toEqual({
      visitor: '7',
      ts: 1767323045000,
      name: 'purchase',
      value: 1250,
      items: [{ sku: '1', quantity: 1, price: 625 }],
      dwellMs: 3,
    });
  });

  it('keeps unknown scalars as attributes and refuses unknown structures', () => {
    expect(
      readEvent({ visitor: 'v', name: 'search', query: 'a', device: 'phone' }, 'EUR').attributes,
    ).toEqual({
      device: 'phone',
    });
    expect(() => readEvent({ visitor: 'v', name: 'search', deep: {} }, 'EUR')).toThrow(
      /deep: expected a known field/,
    );
  });

  it('reads times of one meaning alike, whatever zone the machine is in', () => {
    const at = Date.UTC(2024, 2, 31, 1, 30);
    const ways = [at, `${at}`, '2024-03-31T01:30:00Z', '2024-03-31T03:30:00+02:00'];
    const zoneless = ['2024-03-31T01:30:00', '2024-03-31 01:30', '2024-03-31 01:30:00.000'];
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      for (const ts of [...ways, ...zoneless])
        expect(readEvent({ visitor: 'v', name: 'search', ts }, 'EUR').ts).toBe(at);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('names the field, what was expected and what was found', () => {
    expect(() => readEvent({ visitor: 'v', name: 'viewed' }, 'EUR')).toThrow(
      /name: expected .*view_item.*found "viewed"/,
    );
    expect(() => readEvent({ name: 'search' }, 'EUR')).toThrow(/visitor: expected .* found nothing/);
    expect(() => readEvent({ visitor: 'v', name: 'search', ts: 'soon' }, 'EUR')).toThrow(
      /ts: expected an ISO 8601 time/,
    );
  });
});

describe('reading promotions', () => {
  it('takes each type with its terms in minor units and keeps its cost apart', () => {
    const [gift, coupon] = readPromotions(
      [
        { id: 'g', type: 'gift', sku: 'x', cost_per_use: 2.5 },
        { id: 'c', type: 'coupon', amount: 5, minimum: 30, exclusive_group: 'e' },
      ],
      'EUR',
    );
    expect(gift).toEqual({ id: 'g', terms: { type: 'gift', sku: 'x' }, costPerUse: 250 });
    expect(coupon).toEqual({
      id: 'c',
      terms: { type: 'coupon', amount: 500, minimum: 3000 },
      currency: 'EUR',
      exclusiveGroup: 'e',
    });
  });

  it('reads rules, keeps what it cannot read apart, and a shop’s own fields as attributes', () => {
    const [promotion] = readPromotions(
      [
        {
          id: 'p',
          type: 'percentage',
          percent: 10,
          maximum_discount: 5,
          caps: { per_shopper: 1, total: 100, per_week: 3 },
          budget: 500,
          frequency: { exposures: 3, days: 7 },
          eligibility: { version: 1, cart: 'total', at_least: 20 },
          schedule: { ends: '2026-12-01', zone: 'old' },
          campaign: 'winter',
        },
      ],
      'EUR',
    );
    expect(promotion).toEqual({
      id: 'p',
      terms: { type: 'percentage', percent: 10 },
      currency: 'EUR',
      maximumDiscount: 500,
      caps: { perShopper: 1, total: 100 },
      budget: { amount: 50_000 },
      frequency: { exposures: 3, days: 7 },
      eligibility: { version: 1, cart: 'total', at_least: 2000 },
      schedule: { ends: Date.parse('2026-12-01T00:00:00Z') },
      unread: { caps: { per_week: 3 }, schedule: { zone: 'old' } },
      attributes: { campaign: 'winter' },
    });
  });

  it('keeps eligibility of another form as written', () => {
    const [promotion] = readPromotions(
      [{ id: 'p', type: 'message', eligibility: { min_cart: 50 }, caps: 3, budget: { weekly: 5 } }],
      'EUR',
    );
    expect(promotion?.unread).toEqual({ eligibility: { min_cart: 50 }, caps: 3, budget: { weekly: 5 } });
  });

  it('writes the shop’s currency on what says money, and on nothing else', () => {
    const total = { version: 1, any: [{ segment: 'vip' }, { not: { cart: 'total', below: 50 } }] };
    const raw = [
      { id: 'sum', type: 'fixed_amount', amount: 5 },
      { id: 'capped', type: 'percentage', percent: 10, maximum_discount: 5 },
      { id: 'asks', type: 'percentage', percent: 10, eligibility: total },
      { id: 'mere', type: 'percentage', percent: 10 },
      { id: 'other', type: 'coupon', amount: 500, currency: 'jpy' },
    ];
    const currencies = readPromotions(raw, 'eur').map(({ currency }) => currency);
    expect(currencies).toEqual(['EUR', 'EUR', 'EUR', undefined, 'JPY']);
  });

  it('takes amounts in a promotion’s own currency', () => {
    const [promotion] = readPromotions(
      [{ id: 'p', type: 'fixed_amount', amount: 500, currency: 'jpy' }],
      'EUR',
    );
    expect(promotion).toMatchObject({ terms: { amount: 500 }, currency: 'JPY' });
  });

  it('is undone by writing', () => {
    const raw = [
      { id: 'a', type: 'coupon', amount: 5.5, minimum: 30, exclusive_group: 'g', cost_per_use: 5.5 },
      { id: 'b', type: 'bundle', skus: ['x', 'y'], price: 1.234, currency: 'KWD', budget: { amount: 9.5 } },
      { id: 'c', type: 'message', caps: { per_order: 2, odd: 1 }, eligibility: { who: 'all' }, note: 'n' },
      { id: 'd', type: 'flash_sale', percent: 5, ends: 99, schedule: { time_zone: 'Asia/Tokyo', starts: 1 } },
    ];
    const promotions = readPromotions(raw, 'EUR');
    const written = promotions.map((promotion) => writePromotion(promotion, 'EUR'));
    // What says money says which from then on.
    expect(written).toEqual([{ ...raw[0], currency: 'EUR' }, ...raw.slice(1)]);
    expect(readPromotions(written, 'EUR')).toEqual(promotions);
  });

  it.each([
    [[{ id: 'a', type: 'message', caps: { total: -1 } }], /\[0\]\.caps\.total: expected >=0, found -1/],
    [[{ id: 'a', type: 'message', budget: -5 }], /\[0\]\.budget\.amount: expected an amount of at least 0/],
    [[{ id: 'a', type: 'message', maximum_discount: -5 }], /maximum_discount: expected >=0/],
    [
      [{ id: 'a', type: 'message', frequency: { exposures: 0, days: 1 } }],
      /frequency\.exposures: expected >=1/,
    ],
    [[{ id: 'a', type: 'percentage', percent: -5 }], /\[0\]\.percent: expected >=0, found -5/],
    [[{ id: 'a', type: 'percentage', percent: 101 }], /\[0\]\.percent: expected <=100, found 101/],
    [[{ id: 'a', type: 'fixed_amount', amount: -1 }], /\[0\]\.amount: expected >=0, found -1/],
    [[{ id: 'a', type: 'coupon', percent: 5, amount: 5 }], /either percent or amount/],
    [
      [
        { id: 'a', type: 'message' },
        { id: 'a', type: 'message' },
      ],
      /\[1\]\.id: expected each id once/,
    ],
    [[{ id: 'none', type: 'message' }], /'none' means no promotion/],
    [[{ id: 'a', type: 'teleport' }], /type: expected/],
    [{}, /an array of promotions/],
  ])('refuses %j', (raw, message) => {
    expect(() => readPromotions(raw, 'EUR')).toThrow(message);
  });
});

describe('reading decisions', () => {
  it('reads a request with nulls, a cart in either form and a history without visitor', () => {
    const request = readRequest(
      {
        id: 1,
        attributes: { a: null, b: 2 },
        history: [{ name: 'view_item', sku: 's' }],
        cart: { items: [{ sku: 's', price: 2 }] },
      },
      'EUR',
    );
    expect(request.attributes).toEqual({ b: 2 });
    expect(request.history[0]?.visitor).toBe('shopper');
    expect(request.cart).toEqual([{ sku: 's', quantity: 1, price: 200 }]);
    expect(readRequest({}, 'EUR')).toEqual({ history: [] });
  });

  it('refuses a logged action that was not eligible and a propensity of zero', () => {
    const line = { id: 'd', visitor: 'v', eligible: ['none', 'a'], action: 'b' };
    expect(() => readLoggedDecision(line, 'EUR')).toThrow(/action: expected one of eligible/);
    expect(() => readLoggedDecision({ ...line, action: 'a', propensity: 0 }, 'EUR')).toThrow(
      /propensity: expected >0/,
    );
  });

  it('refuses a reward that no shop has earned, and shows a time that is none', () => {
    const line = { id: 'd', visitor: 'v', eligible: ['none'], action: 'none' };
    expect(readLoggedDecision({ ...line, reward: -1e12 }, 'EUR').reward).toBe(-1e12);
    expect(() => readLoggedDecision({ ...line, reward: 1e308 }, 'EUR')).toThrow(
      /reward: expected <=1000000000000000, found 1e\+308/,
    );
    expect(() => readLoggedDecision({ ...line, ts: 'gestern' }, 'EUR')).toThrow(
      /ts: expected an ISO 8601 time or epoch milliseconds, found "gestern"/,
    );
  });

  it('names the event of a history that is wrong', () => {
    expect(() => readRequest({ history: [{ name: 'view_item' }, { name: 'x' }] }, 'EUR')).toThrow(
      /history\[1\]\.name/,
    );
  });
});
