import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesIn, type Expression, eligible } from '../../../shared/promotions/eligibility.ts';
import type { Facts } from '../../../shared/promotions/facts.ts';
import { ELIGIBILITY_LIMITS, readEligibility } from '../../../shared/promotions/read-eligibility.ts';
import { writeEligibility } from '../../../shared/promotions/write-promotion.ts';
import golden from '../../cases/eligibility.json' with { type: 'json' };

const { cart: CART, hold, fail } = golden;
const FACTS: Facts = golden.facts;

const verdict = (expression: unknown, facts: Facts = FACTS) =>
  eligible(readEligibility({ version: 1, ...(expression as object) }, 'EUR'), facts, CART);
const codes = (expression: unknown, facts?: Facts): string[] => {
  const result = verdict(expression, facts);
  return result.eligible ? [] : result.failed.map(({ code }) => code);
};

describe('the conditions of eligibility', () => {
  it.each(hold)('hold: %j', (expression) => expect(verdict(expression)).toEqual({ eligible: true }));

  it.each(fail)('fail with a reason: $expression', ({ expression, codes: expected }) =>
    expect(codes(expression)).toEqual(expected),
  );

  it('says what is missing, in minor units', () => {
    expect(verdict({ cart: 'total', at_least: 60 })).toEqual({
      eligible: false,
      failed: [{ code: 'cart-total', detail: { needs: 6000, has: 5400, missing: 600 } }],
    });
  });

  it('are not met by withholding what they ask about, not even under a negation', () => {
    const silent: Facts = { now: undefined };
    for (const expression of [
      { not: { attribute: 'age', below: 18 } },
      { not: { segment: 'banned' } },
      { not: { locale: 'de' } },
      { not: { time: { days: ['sun'] } } },
      { all: [{ product: 'mug' }, { not: { not: { attribute: 'age', above: 1 } } }] },
    ]) {
      expect(codes(expression, silent)).toEqual([expect.stringMatching(/-unknown$/)]);
    }
    // What is known decides where it can.
    expect(verdict({ any: [{ attribute: 'age', above: 1 }, { product: 'mug' }] }, silent).eligible).toBe(
      true,
    );
  });

  it('name every attribute that they ask about', () => {
    const expression: Expression = {
      all: [{ attribute: 'a', is: 1 }, { any: [{ not: { attribute: 'b', not: 2 } }, { product: 'mug' }] }],
    };
    expect(attributesIn(expression)).toEqual(['a', 'b']);
  });
});

describe('reading eligibility', () => {
  const nested = (depth: number): object => {
    let out: object = { segment: 's' };
    for (let level = 0; level < depth; level++) out = { not: out };
    return out;
  };

  it.each([
    [{ version: 2, segment: 's' }, /eligibility\.version: expected 1, found 2/],
    [{ version: 1 }, /eligibility: expected one of all, any/],
    [{ version: 1, segment: 's', extra: 1 }, /eligibility\.extra: expected only segment/],
    [{ version: 1, all: [] }, /eligibility\.all: expected a list of 1 to/],
    [{ version: 1, attribute: 'a' }, /eligibility: expected a comparison/],
    [{ version: 1, attribute: 'a', at_lest: 5 }, /at_lest: expected only/],
    [{ version: 1, cart: 'weight', above: 1 }, /eligibility\.cart: expected 'total'/],
    [{ version: 1, cart: 'total' }, /a comparison/],
    [{ version: 1, product: 'a', above: '1' }, /eligibility\.above: expected a number, found "1"/],
    [{ version: 1, time: { zone: 'Mars/Olympus' } }, /an IANA time zone/],
    [{ version: 1, time: { from: '24:00' } }, /eligibility\.time\.from: expected a time HH:MM/],
    [
      { version: 1, any: [{ segment: 's' }, { not: { locale: '' } }] },
      /any\[1\]\.not\.locale: expected text/,
    ],
    [{ version: 1, ...nested(ELIGIBILITY_LIMITS.depth) }, /at most 8 levels/],
    [{ version: 1, all: Array.from({ length: 128 }, () => ({ segment: 's' })) }, /at most 128 conditions/],
    [{ version: 1, ...JSON.parse('{"__proto__": {"segment": "s"}}') }, /eligibility/],
  ])('refuses what it does not know', (raw, message) => {
    expect(() => readEligibility(raw, 'EUR')).toThrow(message);
  });

  it('bounds its own depth before it recurses', () => {
    expect(() => readEligibility({ version: 1, ...nested(200_000) }, 'EUR')).toThrow(/at most 8 levels/);
  });

  it('is undone by writing', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const numbers = fc.record(
      { at_least: fc.integer({ min: 0, max: 9999 }), below: fc.integer({ min: 0, max: 9999 }) },
      { requiredKeys: ['at_least'] },
    );
    const leaf = fc.oneof(
      fc.tuple(name, numbers).map(([attribute, compared]) => ({ attribute, ...compared })),
      fc.tuple(fc.constantFrom('total', 'units', 'lines'), numbers).map(([cart, n]) => ({ cart, ...n })),
      name.map((segment) => ({ segment })),
      name.map((category) => ({ category })),
      fc.constant({ time: { days: ['mon'], from: '09:30', zone: 'Europe/Rome' } }),
    );
    const { expression } = fc.letrec((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        tie('expression').map((not) => ({ not })),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.constantFrom('EUR', 'JPY', 'KWD'), (raw, currency) => {
        const written = { version: 1, ...(raw as object) };
        expect(writeEligibility(readEligibility(written, currency), currency)).toEqual(written);
      }),
    );
  });
});
