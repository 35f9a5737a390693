import { describe, expect, it } from 'vitest';
import { type Promotion, readPromotions } from '../../../../shared/promotion.ts';
import { disclosureText, lawRulesOf } from '../../../../shared/promotions/law/law-rules.ts';
import { falseUrgency, movedEnds } from '../../../../shared/promotions/law/urgency.ts';
import { readShop, writeShop } from '../../../../shared/shop.ts';

describe('the law of a region', () => {
  it('is that of the subdivision, else of the country, else what holds everywhere', () => {
    expect(lawRulesOf('us-ny').disclosure).toBe('us-ny-algorithmic-price');
    expect(lawRulesOf('US-CA').disclosure).toBeUndefined();
    expect(lawRulesOf('PL').priorPrice?.days).toBe(30);
    expect(lawRulesOf('ES-CT').priorPrice?.days).toBe(30);
    expect(lawRulesOf(undefined)).toEqual({ countdown: 'true-end' });
    expect(lawRulesOf('constructor')).toEqual({ countdown: 'true-end' });
  });

  it('gives way to a shop’s own reading, field by field', () => {
    expect(lawRulesOf('DE', { countdown: 'never' })).toMatchObject({
      countdown: 'never',
      priorPrice: { days: 30 },
    });
  });

  it('has its texts in the shopper’s language, else in English', () => {
    expect(disclosureText('eu-personalised-price', 'zh-CN')).toMatch(/自动化决策/);
    expect(disclosureText('eu-personalised-price', 'fi')).toMatch(/automated decision-making/);
    expect(disclosureText('us-ny-algorithmic-price', 'de')).toBe(
      'THIS PRICE WAS SET BY AN ALGORITHM USING YOUR PERSONAL DATA',
    );
    expect(disclosureText('house-rule', 'en')).toBeUndefined();
  });

  it('is declared in shop.json', () => {
    const raw = {
      region: 'DE',
      time_zone: 'Europe/Berlin',
      sensitive: ['gender'],
      law: { countdown: 'never' },
    };
    const shop = readShop(raw);
    expect(shop).toEqual({
      region: 'DE',
      timeZone: 'Europe/Berlin',
      sensitive: ['gender'],
      law: { countdown: 'never' },
    });
    expect(writeShop({ currency: 'EUR', locale: 'de', attributes: {}, slots: [], ...shop })).toMatchObject(
      raw,
    );
    expect(() => readShop({ time_zone: 'Berlin' })).toThrow(/time_zone: expected an IANA time zone/);
    expect(() => readShop({ region: 'Germany' })).toThrow(/region: expected an ISO 3166 code/);
    expect(() => readShop({ law: { countdowns: 'never' } })).toThrow(/law\.countdowns/);
  });
});

describe('urgency', () => {
  const [honest, endless, quiet] = readPromotions(
    [
      { id: 'honest', type: 'flash_sale', percent: 5, ends: 1000, creative: { en: { countdown: true } } },
      { id: 'endless', type: 'percentage', percent: 5, creative: { countdown: true } },
      { id: 'quiet', type: 'percentage', percent: 5, creative: { en: { title: 'Hurry' } } },
    ],
    'EUR',
  );

  it('counts down to a true end or not at all', () => {
    const rules = lawRulesOf('IT');
    expect([honest!, endless!, quiet!].map((one) => falseUrgency(one, rules))).toEqual([
      undefined,
      'a countdown without an end',
      undefined,
    ]);
    expect(falseUrgency(honest!, { countdown: 'never' })).toMatch(/not allowed/);
    expect(falseUrgency(endless!, { countdown: 'free' })).toBeUndefined();
  });

  it('does not put off an end that was counted down to', () => {
    const later = { ...honest!, terms: { ...honest!.terms, ends: 2000 } as Promotion['terms'] };
    const sooner = { ...honest!, terms: { ...honest!.terms, ends: 500 } as Promotion['terms'] };
    expect(movedEnds([honest!], [later])).toEqual(['honest']);
    expect(movedEnds([honest!], [sooner])).toEqual([]);
    expect(movedEnds([quiet!], [{ ...quiet!, schedule: { ends: 1 } }])).toEqual([]);
  });
});
