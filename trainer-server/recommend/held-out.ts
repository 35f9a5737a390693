/** A later part of the log, kept from training to choose between recommenders. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { type Random, shuffle } from '../../shared/random.ts';

/** One question: after this history, which product came next? */
export interface Case {
  history: BehaviourEvent[];
  target: number;
}

export interface Split {
  train: BehaviourEvent[];
  cases: Case[];
}

export interface HeldOutOptions {
  /** Share of the log, by time; without times twice this share of the visitors, those that appear last. */
  share: number;
  /** Cases beyond this add little certainty (2,000 give a hit rate of 30 % to 1 point) and cost time. */
  most: number;
  /** Cases taken from one visitor. */
  perVisitor: number;
}

export const HELD_OUT_OPTIONS: HeldOutOptions = { share: 0.05, most: 2000, perVisitor: 3 };

/** Events of a visitor kept as a case's history. */
const LONGEST_HISTORY = 256;

/**
 * Splits a log that is sorted by visitor and then time: by time where it has times, so that what is chosen is what
 * will work tomorrow; else each of the visitors that appear last loses the last product.
 */
export function splitHeldOut(
  events: readonly BehaviourEvent[],
  rowOf: (sku: string) => number | undefined,
  random: Random,
  options: HeldOutOptions = HELD_OUT_OPTIONS,
): Split {
  const visitors = byVisitor(events);
  const cutoff = timeCutoff(events, options.share);
  const chosen = new Set(cutoff === undefined ? lastVisitors(visitors, random, options) : visitors.keys());
  const train: BehaviourEvent[] = [];
  const cases: Case[] = [];
  visitors.forEach((own, v) => {
    const keep = !chosen.has(v)
      ? own.length
      : cutoff === undefined
        ? lastTouch(own, rowOf)
        : before(own, cutoff);
    for (let i = 0; i < keep; i++) train.push(own[i]!);
    if (keep < own.length) cases.push(...casesOf(own, keep, rowOf, random, options, cutoff === undefined));
  });
  shuffle(cases, random);
  return { train, cases: cases.slice(0, options.most) };
}

function byVisitor(events: readonly BehaviourEvent[]): BehaviourEvent[][] {
  const out: BehaviourEvent[][] = [];
  for (const event of events) {
    const own = out.at(-1);
    if (own !== undefined && own[0]!.visitor === event.visitor) own.push(event);
    else out.push([event]);
  }
  return out;
}

/** The time after which the last `share` of events lies; undefined where fewer than 95 % of them have times. */
function timeCutoff(events: readonly BehaviourEvent[], share: number): number | undefined {
  const times = events.flatMap(({ ts }) => ts ?? []);
  if (times.length === 0 || times.length < 0.95 * events.length) return undefined;
  const sorted = Float64Array.from(times).sort();
  const cutoff = sorted[Math.floor(sorted.length * (1 - share))]!;
  return cutoff > sorted[0]! ? cutoff : undefined;
}

function lastVisitors(
  visitors: readonly BehaviourEvent[][],
  random: Random,
  options: HeldOutOptions,
): number[] {
  const many = visitors.flatMap((own, v) => (own.length > 1 || itemsOf(own[0]!).length > 1 ? [v] : []));
  const last = many.slice(-Math.ceil(many.length * options.share * 2));
  return shuffle(last, random).slice(0, options.most);
}

const before = (own: readonly BehaviourEvent[], cutoff: number): number => {
  const at = own.findIndex(({ ts }) => (ts ?? 0) >= cutoff);
  return at < 0 ? own.length : at;
};

/** Index of the last event that touches a known product; it and what follows it are held out. */
function lastTouch(own: readonly BehaviourEvent[], rowOf: (sku: string) => number | undefined): number {
  const at = own.findLastIndex((event) => itemsOf(event).some(({ sku }) => rowOf(sku) !== undefined));
  return at < 0 ? own.length : at;
}

/** Products touched from event `from` on, each with what came before it, its own basket's earlier lines included. */
function casesOf(
  own: readonly BehaviourEvent[],
  from: number,
  rowOf: (sku: string) => number | undefined,
  random: Random,
  options: HeldOutOptions,
  lastOnly: boolean,
): Case[] {
  const places: { event: number; item: number; target: number }[] = [];
  let previous: { target?: number; name?: string } = {};
  for (let event = 0; event < own.length; event++) {
    const { name } = own[event]!;
    if (name === 'view_item_list') continue;
    itemsOf(own[event]!).forEach(({ sku }, item) => {
      const target = rowOf(sku);
      if (target === undefined) return;
      // Viewing and then buying the same product asks nothing; viewing it again does: shoppers go back.
      const asks = target !== previous.target || name === previous.name;
      if (event >= from && asks) places.push({ event, item, target });
      previous = { target, name };
    });
  }
  const picked = lastOnly ? places.slice(-1) : shuffle(places, random).slice(0, options.perVisitor);
  return picked.map(({ event, item, target }) => ({ target, history: historyBefore(own, event, item) }));
}

function historyBefore(own: readonly BehaviourEvent[], event: number, item: number): BehaviourEvent[] {
  const history = own.slice(Math.max(0, event - LONGEST_HISTORY), event);
  if (item > 0) history.push({ ...own[event]!, items: itemsOf(own[event]!).slice(0, item) });
  return history;
}
