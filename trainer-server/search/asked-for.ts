/** What shoppers searched for before they took a product: words that a catalogue may not use itself. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { hash32 } from '../../shared/random.ts';
import type { Judgement } from '../dataset/rows.ts';
import { impliedJudgements } from './implied-judgements.ts';

/** Of each product the queries that led to it, as one text; by sku. @param events sorted by visitor, then time */
export function askedFor(events: readonly BehaviourEvent[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { query, sku } of impliedJudgements(events)) {
    texts.set(sku, texts.has(sku) ? `${texts.get(sku)} ${query}` : query);
  }
  return texts;
}

/** Shoppers whose acts judge what the others' taught: words that led to a product must not be asked of it again. */
export function judgedApart(events: readonly BehaviourEvent[]): {
  asked: Map<string, string>;
  judgements: Judgement[];
} {
  // Most logs hold few searches: who made none says nothing here.
  const searched = new Set(events.flatMap(({ query, visitor }) => (query === undefined ? [] : visitor)));
  const told = events.filter(({ visitor }) => searched.has(visitor));
  const judge = ({ visitor }: BehaviourEvent): boolean => hash32(`judge ${visitor}`) % 3 === 0;
  return {
    asked: askedFor(told.filter((event) => !judge(event))),
    judgements: impliedJudgements(told.filter(judge)),
  };
}
