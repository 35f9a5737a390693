/** Which admitted promotions go together: one of each exclusive group, and none beside one that does not stack. */

import type { Minor } from '../money.ts';
import type { Candidate } from './admit.ts';
import { applyAll, type Outcome } from './apply.ts';
import { amountOf, type Basket } from './basket.ts';

/**
 * Of a group, the candidate that saves most alone. Then either everything that stacks, or the one that does not and
 * saves more than all of those together. Ties go to the higher priority, then to the smaller id, and to what stacks.
 * Messages go with everything.
 */
export function combine(candidates: readonly Candidate[], basket: Basket): Outcome {
  const refused: Outcome['refused'] = [];
  const left = oneOfEachGroup(candidates, refused);
  const messages = left.filter(({ promotion }) => promotion.terms.type === 'message');
  const others = left.filter(({ promotion }) => promotion.terms.type !== 'message');
  const single = best(others.filter(({ promotion }) => promotion.stackable === false));
  const stack = others.filter(({ promotion }) => promotion.stackable !== false);
  const together = applyAll([...stack, ...messages], basket);
  const saved = together.taken.reduce((total, { discount }) => total + amountOf(discount), 0);
  const alone = single !== undefined && (stack.length === 0 || saving(single) > saved);
  const outcome = alone ? applyAll([single, ...messages], basket) : together;
  const winner = alone ? single.promotion.id : 'what stacks';
  for (const one of others)
    if (alone ? one !== single : one.promotion.stackable === false)
      refused.push({ promotion: one.promotion, refusal: { code: 'not-stackable', detail: { winner } } });
  return { ...outcome, refused: [...refused, ...outcome.refused] };
}

function oneOfEachGroup(candidates: readonly Candidate[], refused: Outcome['refused']): Candidate[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = candidate.promotion.exclusiveGroup;
    if (group === undefined) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [candidate]);
    else members.push(candidate);
  }
  const winners = new Map([...groups].map(([group, members]) => [group, best(members)!]));
  return candidates.filter((candidate) => {
    const { promotion } = candidate;
    const winner =
      promotion.exclusiveGroup === undefined ? candidate : winners.get(promotion.exclusiveGroup)!;
    if (winner === candidate) return true;
    const detail = { group: promotion.exclusiveGroup!, winner: winner.promotion.id };
    refused.push({ promotion, refusal: { code: 'group', detail } });
    return false;
  });
}

const saving = ({ alone }: Candidate): Minor => amountOf(alone);

function best(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>((winner, one) => {
    if (winner === undefined) return one;
    const lead =
      saving(one) - saving(winner) || (one.promotion.priority ?? 0) - (winner.promotion.priority ?? 0);
    if (lead !== 0) return lead > 0 ? one : winner;
    return one.promotion.id < winner.promotion.id ? one : winner;
  }, undefined);
}
