import { describe, expect, it } from 'vitest';
import { budgetInput, withBudgetPrice } from '../../../shared/policy/budget-input.ts';

describe('the price of budget as an input', () => {
  it('is the share of the highest price that was learned, never beyond it', () => {
    expect(budgetInput(0.5, 2)).toBe(0.25);
    expect(budgetInput(7, 2)).toBe(1);
    expect(budgetInput(1, 0)).toBe(0);
  });

  it('stands behind the context of a release that was trained for it, and nowhere else', () => {
    const context = Float32Array.of(3, 4);
    expect([...withBudgetPrice(context, { budgetPrice: 1, budgetMost: 4 })]).toEqual([3, 4, 0.25]);
    expect(withBudgetPrice(context, { budgetPrice: 1 })).toBe(context);
  });
});
