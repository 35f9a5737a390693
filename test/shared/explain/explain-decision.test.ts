import { describe, expect, it } from 'vitest';
import { explainDecision } from '../../../shared/explain/explain-decision.ts';
import { FACTS, type Fact, factsOf, withOnly } from '../../../shared/explain/facts.ts';
import { actionNames } from '../../../shared/features/actions.ts';
import { contextNames } from '../../../shared/features/context.ts';
import { digestOf } from '../../../shared/features/digest.ts';
import { ago, MODEL, NOON, requestOf, SPEC } from '../../helpers/policy.ts';

/** Ten off is worth 3 to a member, 2 to anyone with something in the cart, and 1 always. */
const ENGINE = {
  encodeSession: async () => new Float32Array(0),
  score: async (state: Float32Array, actions: Float32Array, count: number) => {
    const context = contextNames(SPEC);
    const names = actionNames(SPEC);
    const member = state[context.indexOf('member=true')]!;
    const cart = state[context.indexOf('cart.any')]!;
    return Float32Array.from({ length: count }, (_, i) => {
      const tenOff = actions[i * names.length + names.indexOf('amount.known')]!;
      return tenOff * (1 + 3 * Math.max(0, member) + (cart > 0 ? 2 : 0));
    });
  },
};

const REQUEST = requestOf({
  attributes: { member: true },
  history: [
    ago(4000, 'view_item', { sku: 'mug' }),
    ago(3, 'view_item', { sku: 'oolong' }),
    ago(2, 'add_to_cart', { sku: 'oolong' }),
  ],
  eligible: ['none', 'ten-off'],
});

describe('an explanation', () => {
  it('gives each group of facts what it adds to the lead over the runner-up', async () => {
    const why = (await explainDecision(REQUEST, 'ten-off', MODEL, ENGINE))!;
    expect(why).toMatchObject({ promotion: 'ten-off', against: 'none', lead: 6, leadUnknown: 1, effect: 6 });
    expect(
      Object.fromEntries(why.contributions.map(({ fact, value }) => [fact, Math.round(value * 1e6) / 1e6])),
    ).toEqual({
      visit: 0,
      past: 0,
      cart: 2,
      attributes: 3,
    });
  });

  it('counts what the device has learned of its shopper among what is known of promotions', async () => {
    const request = { ...REQUEST, own: { 'ten-off': 1.5 } };
    const why = (await explainDecision(request, 'ten-off', { ...MODEL, ownBound: 10 }, ENGINE))!;
    expect(why).toMatchObject({ lead: 7.5, leadUnknown: 1 });
    const { value } = why.contributions.find(({ fact }) => fact === 'promotions')!;
    expect(value).toBeCloseTo(1.5, 6);
  });

  it('explains a promotion that was drawn though another leads', async () => {
    const why = (await explainDecision(REQUEST, 'none', MODEL, ENGINE))!;
    expect(why).toMatchObject({ promotion: 'none', against: 'ten-off', lead: -6 });
    expect(why).not.toHaveProperty('effect');
  });

  it('has nothing to say where there was no choice', async () => {
    expect(await explainDecision({ ...REQUEST, eligible: ['none'] }, 'none', MODEL, ENGINE)).toBeUndefined();
  });

  it('of a shopper of whom nothing is known has no contributions', async () => {
    const why = await explainDecision(requestOf({ eligible: ['none', 'ten-off'] }), 'ten-off', MODEL, ENGINE);
    expect(why).toMatchObject({ lead: 1, leadUnknown: 1, contributions: [] });
  });
});

describe('the groups of facts', () => {
  const digest = digestOf(
    requestOf({
      attributes: { age: 30 },
      cart: [{ sku: 'mug', quantity: 1 }],
      history: [
        ago(4000, 'purchase', { sku: 'mug' }),
        ago(3000, 'view_item', { sku: 'mug' }),
        ago(9, 'view_promotion', { promotion: 'ten-off' }),
        ago(8, 'search', { query: 'tea' }),
        ago(7, 'view_item', { sku: 'sencha' }),
      ],
    }),
    MODEL,
  );

  it('share out all that a request says, each fact in one group', () => {
    expect(factsOf(digest)).toEqual(FACTS);
    const kept = (fact: Fact) => withOnly(digest, new Set([fact]));
    expect(FACTS.map((fact) => kept(fact).history.map(({ name }) => name))).toEqual([
      ['view_item'],
      ['view_item'],
      ['search'],
      [],
      ['purchase'],
      ['view_promotion'],
      [],
    ]);
    expect(kept('cart').cart).toHaveLength(1);
    expect(kept('visit').cart).toEqual([]);
    expect(kept('attributes').attributes).toEqual({ age: 30 });
    expect(kept('past').attributes).toBeUndefined();
  });

  it('keep the moment of the decision when its last event goes', () => {
    const { ts: _, ...timeless } = digest.request;
    const silent = digestOf(timeless, MODEL);
    expect(withOnly(silent, new Set()).ts).toBe(NOON - 7 * 60_000);
  });

  it('leave no cart behind that a purchase had emptied, when the purchase goes', () => {
    const bought = digestOf(
      requestOf({ history: [ago(9, 'add_to_cart', { sku: 'mug' }), ago(8, 'purchase', { sku: 'mug' })] }),
      MODEL,
    );
    expect(factsOf(bought)).toEqual(['cart', 'purchases']);
    expect(digestOf(withOnly(bought, new Set(['cart'])), MODEL).cart).toEqual([]);
    const filled = digestOf(requestOf({ history: [ago(9, 'add_to_cart', { sku: 'mug' })] }), MODEL);
    expect(digestOf(withOnly(filled, new Set(['cart'])), MODEL).cart).toEqual(filled.cart);
    expect(digestOf(withOnly(filled, new Set(['visit'])), MODEL).cart).toEqual([]);
  });

  it('tell this visit from the past by what features read of a long history', () => {
    const history = [
      ...Array.from({ length: 100 }, (_, i) => ago(9000 - i, 'view_item', { sku: 'mug' })),
      ago(2, 'view_item', { sku: 'oolong' }),
      ago(1, 'view_item', { sku: 'sencha' }),
    ];
    const long = digestOf(requestOf({ history }), MODEL);
    const skus = (fact: Fact) => withOnly(long, new Set([fact])).history.map(({ sku }) => sku);
    expect(skus('visit')).toEqual(['oolong', 'sencha']);
    // No event older than the 64 that features read takes the place of one that is withheld.
    expect(skus('past')).toEqual(Array.from({ length: 62 }, () => 'mug'));
  });

  it('give back the whole request where all are kept', () => {
    expect(withOnly(digest, new Set(FACTS))).toEqual(digest.request);
  });
});
