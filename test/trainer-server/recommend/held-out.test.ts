import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { seeded } from '../../../shared/random.ts';
import { HELD_OUT_OPTIONS, splitHeldOut } from '../../../trainer-server/recommend/held-out.ts';

const rowOf = (sku: string): number => 'abcd'.indexOf(sku);
const event = (visitor: string, name: BehaviourEvent['name'], sku: string): BehaviourEvent => ({
  visitor,
  name,
  sku,
});

describe('splitHeldOut', () => {
  it('takes the last product of the visitors that appear last, where a log has no times', () => {
    const events = Array.from({ length: 20 }, (_, v) => [
      event(`v${v}`, 'view_item', 'a'),
      event(`v${v}`, 'view_item', 'b'),
    ]).flat();
    const { train, cases } = splitHeldOut(events, rowOf, seeded(1), { ...HELD_OUT_OPTIONS, share: 0.05 });
    expect(cases.map(({ history, target }) => [history[0]!.visitor, target]).sort()).toEqual([
      ['v18', 1],
      ['v19', 1],
    ]);
    expect(train).toHaveLength(38);
  });

  it('asks for a product viewed again, not for one viewed and then bought', () => {
    const asked = (...events: BehaviourEvent[]) =>
      splitHeldOut(events, rowOf, seeded(1), { ...HELD_OUT_OPTIONS, share: 0.5 }).cases.map(
        ({ target }) => target,
      );
    expect(asked(event('v', 'view_item', 'a'), event('v', 'view_item', 'a'))).toEqual([0]);
    expect(asked(event('v', 'view_item', 'a'), event('v', 'purchase', 'a'))).toEqual([]);
  });
});
