import { describe, expect, it } from 'vitest';
import { type DecisionModel, decide, probabilitiesOf } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { seeded } from '../../shared/random.ts';
import { ENGINE, MODEL, NOON, requestOf } from '../helpers/policy.ts';

const run = (request: DecisionRequest, model: DecisionModel = MODEL, greedy = true, seed = 1) =>
  decide(request, model, ENGINE, { random: seeded(seed), clock: () => 0, greedy });

describe('a decision', () => {
  it('takes the largest value when greedy, with propensity one', async () => {
    const decision = await run(requestOf({ id: 'd1' }));
    expect(decision).toMatchObject({ id: 'd1', action: 'tea-20', propensity: 1 });
    expect(decision.values).toEqual({ none: 0, 'ten-off': 5, 'tea-20': 8 });
  });

  it('offers every published promotion and none where the request names none', async () => {
    expect(Object.keys((await run(requestOf())).values)).toEqual(['none', 'ten-off', 'tea-20']);
  });

  it('keeps to what is eligible', async () => {
    const decision = await run(requestOf({ eligible: ['ten-off'] }));
    expect(decision).toMatchObject({ action: 'ten-off', values: { 'ten-off': 5 } });
  });

  it('answers none, and says so, where nothing is eligible', async () => {
    const decision = await run(requestOf({ eligible: [] }));
    expect(decision).toMatchObject({ action: 'none', propensity: 1, values: {} });
    expect(decision.reasons).toContainEqual({ code: 'nothing-eligible' });
  });

  it('never shows what is not scheduled', async () => {
    const over = { ...MODEL.promotions.get('tea-20')!, schedule: { ends: NOON } };
    const model = { ...MODEL, promotions: new Map(MODEL.promotions).set('tea-20', over) };
    const decision = await run(requestOf(), model);
    expect(decision.action).toBe('ten-off');
    expect(decision.reasons).toContainEqual({ code: 'not-scheduled', promotion: 'tea-20' });
  });

  it('scores a promotion it was told the terms of but never trained on', async () => {
    const fresh = { id: 'half-price', terms: { type: 'percentage', percent: 50 } } as const;
    const model = { ...MODEL, promotions: new Map(MODEL.promotions).set(fresh.id, fresh) };
    expect((await run(requestOf(), model)).action).toBe('half-price');
  });

  it('still scores an id that nobody knows, and says that it does not know it', async () => {
    const decision = await run(requestOf({ eligible: ['none', 'riddle'] }));
    expect(Object.keys(decision.values)).toEqual(['none', 'riddle']);
    expect(decision.reasons).toContainEqual({ code: 'promotion-unknown', promotion: 'riddle' });
  });

  it('ignores attributes that training never saw, with a warning', async () => {
    const plain = await run(requestOf());
    const decision = await run(requestOf({ attributes: { mood: 'good' } }));
    expect(decision.values).toEqual(plain.values);
    expect(decision.reasons).toContainEqual({ code: 'attribute-unknown', detail: { name: 'mood' } });
  });

  it('decides without time, history and attributes', async () => {
    expect((await run({ history: [] })).action).toBe('tea-20');
  });

  it('subtracts the price of budget, and says when that changed the choice', async () => {
    const model = { ...MODEL, budgetCost: { 'tea-20': 4 }, budgetPrice: 1 };
    const decision = await run(requestOf(), model);
    expect(decision.action).toBe('ten-off');
    expect(decision.values['tea-20']).toBe(8);
    expect(decision.reasons).toContainEqual({ code: 'budget-price', promotion: 'tea-20' });
  });

  it('logs the probability it drew with', async () => {
    const counts: Record<string, number> = {};
    const propensity: Record<string, number> = {};
    const random = seeded('many');
    for (let i = 0; i < 4000; i++) {
      const decision = await decide(requestOf(), MODEL, ENGINE, { random, clock: () => 0 });
      counts[decision.action] = (counts[decision.action] ?? 0) + 1;
      propensity[decision.action] = decision.propensity;
    }
    for (const [action, p] of Object.entries(propensity)) {
      expect(Math.abs(counts[action]! / 4000 - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 4000));
    }
    expect(Object.values(propensity).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  });

  it('shows nothing where no policy was trained or its values are not numbers', async () => {
    expect((await run(requestOf(), { ...MODEL, trained: false })).action).toBe('none');
    const broken = { ...ENGINE, score: async () => Float32Array.of(Number.NaN, 1, 2) };
    const decision = await decide(requestOf(), MODEL, broken, {
      random: seeded(1),
      clock: () => 0,
      greedy: true,
    });
    expect(decision.action).toBe('none');
    expect(decision.reasons).toContainEqual({ code: 'value-not-finite' });
  });

  it('in first weeks goes by the shop’s own order, and draws a slice among all that is allowed, as it says', async () => {
    const model: DecisionModel = {
      ...MODEL,
      trained: false,
      firstWeeks: true,
      exploration: { ...MODEL.exploration, uniformShare: 0.3 },
    };
    expect(await run(requestOf(), model)).toMatchObject({
      action: 'ten-off',
      reasons: [{ code: 'first-weeks' }],
    });
    expect((await run(requestOf({ eligible: ['none'] }), model)).action).toBe('none');
    const over = { ...MODEL.promotions.get('ten-off')!, schedule: { ends: NOON } };
    const masked = { ...model, promotions: new Map(MODEL.promotions).set('ten-off', over) };
    expect((await run(requestOf(), masked)).action).toBe('tea-20');
    // By hand: 0.3 / 3 for each, and the other 0.7 for the first.
    const propensities = new Map<string, number>();
    for (let seed = 0; seed < 60; seed++) {
      const { action, propensity } = await run(requestOf(), model, false, seed);
      propensities.set(action, propensity);
    }
    expect(propensities.get('ten-off')).toBeCloseTo(0.8, 12);
    expect(propensities.get('none')).toBeCloseTo(0.1, 12);
    expect(propensities.get('tea-20')).toBeCloseTo(0.1, 12);
    // A device works them out again from the decision's values, which say nothing here.
    const [none, tenOff, tea] = ['none', 'ten-off', 'tea-20'].map((id) => ({ id }));
    for (const [i, p] of probabilitiesOf([none!, tenOff!, tea!], [0, 0, 0], model).entries())
      expect(p).toBeCloseTo([0.1, 0.8, 0.1][i]!, 12);
  });
});
