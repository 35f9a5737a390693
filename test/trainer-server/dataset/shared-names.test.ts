import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { splitSharedNames } from '../../../trainer-server/dataset/shared-names.ts';

const view = (visitor: string, session: string | undefined, sku = 'x'): BehaviourEvent => ({
  visitor,
  ...(session === undefined ? {} : { session }),
  name: 'view_item',
  sku,
});
/** Sessions one after the other, three events each. */
const inTurn = (visitor: string, sessions: number): BehaviourEvent[] =>
  Array.from({ length: 3 * sessions }, (_, i) => view(visitor, `${visitor}${Math.floor(i / 3)}`));
/** Sessions that all go on at once. */
const atOnce = (visitor: string, sessions: number): BehaviourEvent[] =>
  Array.from({ length: 3 * sessions }, (_, i) => view(visitor, `${visitor}${i % sessions}`));
const visitors = (events: BehaviourEvent[]): number => new Set(events.map(({ visitor }) => visitor)).size;

describe('names that many shoppers share', () => {
  it('are told by sessions that go on at once, and each session becomes a visitor', () => {
    const events = [...atOnce('anonymous', 60), ...inTurn('ann', 70), ...inTurn('bo', 70)];
    expect(splitSharedNames(events, new Set(['anonymous'])).size).toBe(0);
    expect([...splitSharedNames(events)]).toEqual([['anonymous', 60]]);
    expect(visitors(events)).toBe(62);
    expect(new Set(events.slice(0, 180).map(({ session }) => session)).size).toBe(60);
  });

  it('are told by having most sessions of a log', () => {
    const events = [...inTurn('guest', 200), ...inTurn('ann', 20)];
    expect([...splitSharedNames(events).keys()]).toEqual(['guest']);
  });

  it('are no faithful customers, no logs without sessions and no few sessions', () => {
    for (const events of [
      [...inTurn('ann', 80), ...inTurn('bo', 90), ...inTurn('cy', 70)],
      Array.from({ length: 500 }, () => view('ann', undefined)),
      atOnce('ann', 4),
    ]) {
      const before = visitors(events);
      expect(splitSharedNames(events).size).toBe(0);
      expect(visitors(events)).toBe(before);
    }
  });
});
