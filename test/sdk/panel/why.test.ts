import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../sdk/api.ts';
import { keptOf } from '../../../sdk/panel/kept.ts';
import { whyText } from '../../../sdk/panel/why.ts';
import { wordsOf } from '../../../sdk/panel/words.ts';

const explanation = (rest: Partial<Explanation>): Explanation => ({
  id: 'd1',
  slot: 'cart',
  ts: 0,
  action: 'tea-20',
  propensity: 0.9,
  values: {},
  reasons: [{ code: 'best' }],
  tier: 'kernels',
  release: 1,
  events: 3,
  ms: 1,
  ...rest,
});

const because = (contributions: NonNullable<Explanation['why']>['contributions']): Explanation =>
  explanation({ why: { promotion: 'tea-20', against: 'none', lead: 1, leadUnknown: 0, contributions } });

describe('why, in words', () => {
  it('names what spoke for the offer, strongest first, then what spoke against it', () => {
    const one = because([
      { fact: 'searches', value: 0.4 },
      { fact: 'cart', value: 1 },
      { fact: 'purchases', value: -0.5 },
    ]);
    expect(whyText(one, 'en', wordsOf('en'))).toBe(
      'Chosen because of what is in your cart and what you searched for. Less likely because of what you bought before.',
    );
    expect(whyText(one, 'zh', wordsOf('zh'))).toBe(
      '因为购物车里的商品、你搜索过的内容而选出。 你以前买过的商品使它的机会变小。',
    );
  });

  it('leaves out what hardly mattered', () => {
    const one = because([
      { fact: 'visit', value: 1 },
      { fact: 'attributes', value: 0.05 },
    ]);
    expect(whyText(one, 'en', wordsOf('en'))).toBe('Chosen because of what you looked at on this visit.');
  });

  it('says so where nothing known of the shopper played a part', () => {
    expect(whyText(because([]), 'en', wordsOf('en'))).toBe(wordsOf('en').sameForAll);
  });

  it('gives no reason for what was drawn at random but the chance itself', () => {
    const one = explanation({ propensity: 0.051, reasons: [{ code: 'explored' }] });
    expect(whyText(one, 'en', wordsOf('en'))).toBe('Drawn at random, at 5.1%, to learn what is useful.');
  });

  it('says that it was the best all the same where everything spoke against it', () => {
    const one = because([{ fact: 'visit', value: -1 }]);
    expect(whyText(one, 'en', wordsOf('en'))).toBe(
      'Less likely because of what you looked at on this visit. The best choice all the same.',
    );
    expect(whyText(one, 'zh', wordsOf('zh'))).toBe('你这次看过的商品使它的机会变小。 但仍是最合适的选择。');
  });

  it('says that nothing is learned in a shop’s first weeks, and that it cannot say yet what it cannot', () => {
    const first = explanation({ reasons: [{ code: 'first-weeks' }] });
    expect(whyText(first, 'en', wordsOf('en'))).toMatch(/nothing is learned yet\.$/);
    expect(whyText(explanation({}), 'en', wordsOf('en'))).toMatch(/once everything has loaded\.$/);
    // An only candidate, say: nothing was chosen.
    expect(whyText(explanation({ reasons: [] }), 'en', wordsOf('en'))).toBe('');
  });
});

describe('what is kept', () => {
  it('is counted, with the oldest', () => {
    const kept = keptOf({
      consent: { personalization: 'granted', measurement: 'denied', reports: 'pending' },
      durable: true,
      events: [
        { name: 'view_item', ts: 20 },
        { name: 'search', ts: 10 },
        { name: 'view_promotion', ts: 30 },
        { name: 'purchase', ts: 40 },
      ],
    });
    expect(kept).toEqual({ where: 'device', looks: 1, searches: 1, purchases: 1, since: 10 });
  });

  it('stays in memory until the shopper agrees, or where the browser keeps nothing', () => {
    const pending = { personalization: 'pending', measurement: 'denied', reports: 'pending' } as const;
    expect(keptOf({ consent: pending, durable: true }).where).toBe('memory');
    expect(keptOf({ consent: { ...pending, personalization: 'granted' } }).where).toBe('memory');
    expect(keptOf({ consent: { ...pending, personalization: 'denied' }, durable: true }).where).toBe(
      'nothing',
    );
  });
});
