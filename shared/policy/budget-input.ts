/**
 * The price of budget as the head's last context input. One network holds the policies of all prices: where an offer's
 * true cost to the shop differs between shoppers, Q(s, a; price) carries the difference from the published mean cost, so
 * that Q - price * cost is the Lagrangian of profit under a budget (constrained MDPs: Altman 1999, section 3.3).
 */

/**
 * 0 for no price, 1 at the highest that the network was trained for; dearer budgets are treated alike.
 * @param most the release's highest price, on its secret scale
 */
export function budgetInput(price: number, most: number): number {
  return most > 0 ? Math.max(0, Math.min(1, price / most)) : 0;
}

/** The context as the head reads it: with the price behind it where the release was trained for one. */
export function withBudgetPrice(
  context: Float32Array,
  { budgetPrice, budgetMost }: { budgetPrice: number; budgetMost?: number | undefined },
): Float32Array {
  if (budgetMost === undefined) return context;
  const out = new Float32Array(context.length + 1);
  out.set(context);
  out[context.length] = budgetInput(budgetPrice, budgetMost);
  return out;
}
