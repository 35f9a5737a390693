/** Which admitted promotions go together: one of each exclusive group, and none beside one that does not stack. */

import type { Minor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import type { Candidate } from './admit.ts';
import { applyAll } from './apply.ts';
import { amountOf, type Basket } from './basket.ts';
import type { Refusal } from './discounts/discount.ts';

export interface Combination {
  chosen: Candidate[];
  refused: { promotion: Promotion; refusal: Refusal }[];
}

/**
 * Of a group, the candidate that saves most alone. Then either everything that stacks, or the one that does not and
 * saves more than all of those together. Ties go to the higher priority, then to the smaller id. Messages go with
 * everything.
 */
export function combine(candidates: readonly Candidate[], basket: Basket): Combination {
  const out: Combination = { chosen: [], refused: [] };
  const left = oneOfEachGroup(candidates, out);
  const messages = left.filter(({ promotion }) => promotion.terms.type === 'message');
  const others = left.filter(({ promotion }) => promotion.terms.type !== 'message');
  const single = best(others.filter(({ promotion }) => promotion.stackable === false));
  const stack = others.filter(({ promotion }) => promotion.stackable !== false);
  const alone =
    single !== undefined && (stack.length === 0 || saving(single) > savingTogether(stack, basket));
  const chosen = alone ? [single] : stack;
  const winner = alone ? single.promotion.id : 'stackable promotions';
  for (const { promotion } of others)
    if (!chosen.some((one) => one.promotion === promotion))
      out.refused.push({ promotion, refusal: { code: 'not-stackable', detail: { winner } } });
  out.chosen = [...chosen, ...messages];
  return out;
}

function oneOfEachGroup(candidates: readonly Candidate[], out: Combination): Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = candidate.promotion.exclusiveGroup;
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), candidate]);
  }
  const winners = new Map([...groups].map(([group, members]) => [group, best(members)!]));
  return candidates.filter((candidate) => {
    const { promotion } = candidate;
    const winner =
      promotion.exclusiveGroup === undefined ? candidate : winners.get(promotion.exclusiveGroup)!;
    if (winner === candidate) return true;
    const detail = { group: promotion.exclusiveGroup!, winner: winner.promotion.id };
    out.refused.push({ promotion, refusal: { code: 'group', detail } });
    return false;
  });
}

const saving = ({ alone }: Candidate): Minor => amountOf(alone);

function savingTogether(stack: readonly Candidate[], basket: Basket): Minor {
  const copy = { ...basket, open: [...basket.open], spare: [...basket.spare] };
  return applyAll(stack, copy).taken.reduce((total, { discount }) => total + amountOf(discount), 0);
}

function best(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>((winner, one) => {
    if (winner === undefined) return one;
    const lead =
      saving(one) - saving(winner) || (one.promotion.priority ?? 0) - (winner.promotion.priority ?? 0);
    if (lead !== 0) return lead > 0 ? one : winner;
    return one.promotion.id < winner.promotion.id ? one : winner;
  }, undefined);
}
