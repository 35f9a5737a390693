import { describe, expect, it } from 'vitest';
import type { LoggedDecision } from '../../../shared/decision.ts';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { clicksOf } from '../../../trainer-server/policy/clicks.ts';

const decision = (
  visitor: string,
  ts: number,
  action: string,
  history: BehaviourEvent[] = [],
): LoggedDecision => ({
  id: `${visitor}${ts}`,
  visitor,
  ts,
  history,
  eligible: ['none', 'ten', 'gift'],
  action,
});
const click = (visitor: string, ts: number, promotion: string): BehaviourEvent => ({
  visitor,
  ts,
  name: 'select_promotion',
  promotion,
});

describe('clicks of the promotions shown', () => {
  it('belong to the decision that showed it last', () => {
    const decisions = [decision('a', 10, 'ten'), decision('a', 20, 'ten'), decision('a', 30, 'gift')];
    expect(clicksOf(decisions, [click('a', 21, 'ten')])).toEqual(Int8Array.of(0, 1, 0));
  });

  it('are unknown where nothing was shown, and where nothing was seen afterwards', () => {
    const decisions = [decision('a', 10, 'none'), decision('b', 10, 'ten')];
    expect(clicksOf(decisions, [click('a', 11, 'ten')])).toEqual(Int8Array.of(-1, -1));
  });

  it('are read off a later decision where the log has no events', () => {
    const later = decision('a', 20, 'gift', [click('a', 11, 'ten')]);
    expect(clicksOf([decision('a', 10, 'ten'), later], [])).toEqual(Int8Array.of(1, -1));
  });

  it('are none of a log without any', () => {
    expect(clicksOf([decision('a', 10, 'ten')], [])).toBeUndefined();
  });
});
