import { describe, expect, it } from 'vitest';
import { type ActionPromotion, termsOf, termsWidth } from '../../../shared/features/actions.ts';
import { NONE } from '../../../shared/promotion.ts';
import { actionCode } from '../../../trainer-server/policy/action-code.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { trial } from '../../helpers/trials.ts';

const spec = fitSpec(trial({ count: 50, seed: 1 }));

/** Relative penalty of what is each promotion's own, in their order. */
function ownPenalties(promotions: readonly ActionPromotion[]): number[] {
  const terms = Float32Array.from([NONE, ...promotions].flatMap((promotion) => termsOf(promotion, spec)));
  const ids = [NONE, ...promotions].map(({ id }) => id);
  const code = actionCode({ promotions: ids, terms, termsWidth: termsWidth(spec) });
  return code.parts.slice(1).map((parts) => code.penalty[parts.at(-1)!.part]!);
}

describe('the code of promotions', () => {
  const percent = (id: string, by: number): ActionPromotion => ({
    id,
    terms: { type: 'percentage', percent: by },
  });
  const message = (id: string): ActionPromotion => ({ id, terms: { type: 'message' } });

  it('shrinks what is their own less where several are known by their ids alone', () => {
    const [ten, twenty] = ownPenalties([percent('ten', 10), percent('twenty', 20)]);
    const several = ownPenalties([percent('ten', 10), message('a'), message('b')]);
    expect(twenty).toBe(ten);
    expect(several[0]).toBe(ten);
    expect(several[1]).toBeLessThan(ten!);
    expect(several[2]).toBe(several[1]);
  });

  it('takes a single message for a kind of promotion like any other', () => {
    const [ten, only] = ownPenalties([percent('ten', 10), message('only')]);
    expect(only).toBe(ten);
  });
});
