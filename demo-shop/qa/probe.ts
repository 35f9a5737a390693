/** The same few moments put to every release: what it would show there, and how likely. */

import type { Explanation, PromoEdge } from '../../sdk/index.ts';

export interface Moment {
  slot: 'home' | 'product' | 'cart';
  cart: { sku: string; quantity: number; price: number }[];
}

/** Prices in euros. */
export const MOMENTS: readonly Moment[] = [
  { slot: 'home', cart: [] },
  { slot: 'product', cart: [{ sku: 'TGR-01', quantity: 1, price: 14 }] },
  { slot: 'cart', cart: [{ sku: 'MUG-01', quantity: 1, price: 18 }] },
  { slot: 'cart', cart: [{ sku: 'LMP-01', quantity: 1, price: 89 }] },
];

export interface Probed {
  release: number;
  /** One of each moment: probability by action. */
  answers: Record<string, number>[];
}

/** @returns undefined while no release decides here */
export async function probe(edge: PromoEdge): Promise<Probed | undefined> {
  const answers: Record<string, number>[] = [];
  let release: number | undefined;
  for (const { slot, cart } of MOMENTS) {
    const decision = await edge.decide(slot, { cart, timeout: 5000 });
    const explained = decision.source === 'policy' ? await edge.explain(decision.id) : undefined;
    if (explained === undefined) return undefined;
    // A release that arrives in the middle is asked from the beginning.
    if (release !== undefined && explained.release !== release) return probe(edge);
    release = explained.release;
    answers.push(likelihoods(explained));
  }
  return release === undefined ? undefined : { release, answers };
}

const likelihoods = ({ values, probabilities = [] }: Explanation): Record<string, number> =>
  Object.fromEntries(Object.keys(values).map((action, i) => [action, probabilities[i] ?? 0]));

/** The action that is likeliest. */
export const likeliest = (answer: Record<string, number>): [string, number] =>
  Object.entries(answer).reduce((best, next) => (next[1] > best[1] ? next : best), ['none', 0]);
