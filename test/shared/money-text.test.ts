import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyIn, moneyOf } from '../../shared/money-text.ts';

const minor = (told: number | string, currency: string) => moneyOf(told, currency, 'price');

describe('an amount that is written for people', () => {
  it('is read with the signs and separators of many places', () => {
    const told: [string, string, number][] = [
      ['12,50 EUR', 'EUR', 1250],
      ['$3.99', 'USD', 399],
      ['US$ 1,234.50', 'USD', 123450],
      ['1.234,50\u00a0€', 'EUR', 123450],
      ['1\u202f234,50', 'EUR', 123450],
      ["CHF 1'234.50", 'CHF', 123450],
      ['Fr. 3.50', 'CHF', 350],
      ['5,- €', 'EUR', 500],
      ['₹1,23,456', 'INR', 12345600],
      ['1,234,567.8', 'USD', 123456780],
      ['￥1,234', 'JPY', 1234],
      ['12.50元', 'CNY', 1250],
      ['kr 99,50', 'SEK', 9950],
      ['1.5', 'KWD', 1500],
      ['0,125', 'KWD', 125],
      [' 7 ', 'EUR', 700],
    ];
    for (const [text, currency, amount] of told) expect(minor(text, currency), text).toBe(amount);
  });

  it('is refused where it may be a thousand or one, saying how to write it', () => {
    for (const text of ['1,234', '1.234', '12,345 EUR'])
      expect(() => minor(text, 'EUR'), text).toThrow(/price: expected one amount in EUR.*1,234.50/);
    expect(() => minor('1.234', 'KWD')).toThrow(/KWD/);
  });

  it('is refused in another currency', () => {
    expect(() => minor('$3.99', 'EUR')).toThrow(/expected one amount in EUR.*found "\$3.99".*shop.json/);
    expect(() => minor('3.99 GBP', 'USD')).toThrow(/USD/);
  });

  it('is refused where it is no single amount', () => {
    for (const text of [
      'from 12',
      '12 - 15',
      '-5',
      '',
      'free',
      '1 2',
      '12,34,5',
      '12.5.1',
      '12⁵⁰',
      '5½',
      '1e3',
    ])
      expect(() => minor(text, 'EUR'), text).toThrow(/price: expected one amount in EUR/);
  });

  it('is the amount that any locale wrote with its cents, or nothing', () => {
    const locales = ['en', 'de', 'fr', 'de-CH', 'en-IN', 'sv', 'pt-BR', 'zh', 'pl', 'hi'];
    fc.assert(
      fc.property(
        fc.nat(1e11),
        fc.constantFrom(...locales),
        fc.constantFrom('EUR', 'USD', 'GBP', 'INR', 'PLN'),
        fc.constantFrom('code', 'narrowSymbol'),
        (amount, locale, currency, currencyDisplay) => {
          const form = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay });
          const text = form.format(amount / 100);
          expect(minor(text, currency), text).toBe(amount);
        },
      ),
    );
  });
});

describe('the currency that an amount names', () => {
  it('is told by code or by a sign of its own, and by nothing else', () => {
    const told = ['12,50 EUR', '€5', '$3', '£5', '5 zł', 'chf 5'].map(currencyIn);
    expect(told).toEqual(['EUR', 'EUR', 'USD', 'GBP', 'PLN', 'CHF']);
    for (const text of ['¥5', 'kr 5', 'from 5', '5', 5, undefined, '5 XYZ'])
      expect(currencyIn(text)).toBeUndefined();
  });
});
