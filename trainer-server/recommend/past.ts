/**
 * What a release keeps of its period for the trainings that go on from it: visits to learn again (experience replay,
 * Rolnick et al. 2019, arXiv 1811.11682) and questions to be held to. Bounded, without name, date or search, in the
 * bundle's `trainer/` folder and never published.
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import type { Product } from '../../shared/product.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import type { Case, Split } from './held-out.ts';
import type { Trail } from './trails.ts';

export const PAST_FILE = 'past.json.gz';

/** A held-out question that names products instead of rows, and neither shopper nor date. */
export interface Question {
  history: BehaviourEvent[];
  target: string;
}

export interface Past {
  /** Of what was trained on: never the questions' events. */
  visits: BehaviourEvent[][];
  /** For choosing the next release's blend. */
  choosing: Question[];
  /** For telling what the next release forgot: no training chooses anything by them. */
  asked: Question[];
}

export const NO_PAST: Past = { visits: [], choosing: [], asked: [] };

/**
 * Visits, and questions of each kind. No count has the questions, so they are few beside the events of the log, or
 * else at most a share of the held-out cases. No mixture is fitted on those that are asked: at most a quarter.
 */
const KEPT = { visits: 2000, questions: 300, ofEvents: 0.01, share: 0.5, asked: 0.25 };
/** Events of a visit or a question's history: what the recommenders look back at. */
const LONGEST = 64;

export interface Kept {
  past: Past;
  /** The cases that became questions: no count may hold them. */
  cases: Case[];
  /** Those that a mixture may be fitted on. */
  fitted: Case[];
}

/** This period's, with those of the release before among them: older periods go on being learned and asked. */
export function pastOf(split: Split, products: readonly Product[], earlier: Past, random: Random): Kept {
  // Cases without a history ask what is popular, which is meant to change with the period.
  const told = split.cases.filter(({ history }) => touchesOf(history) > 0);
  const few = KEPT.ofEvents * touchesOf(split.train);
  const most = Math.min(2 * KEPT.questions, Math.max(few, Math.ceil(told.length * KEPT.share)));
  const cases = told.slice(0, most);
  const questions = cases.map((one) => questionOf(one, products));
  const asked = Math.floor(Math.min(questions.length / 2, told.length * KEPT.asked));
  const among = <T>(own: readonly T[], older: readonly T[], most: number): T[] =>
    shuffle([...shuffle([...own], random).slice(0, most), ...older], random).slice(0, most);
  const past = {
    visits: among(visitsOf(split.train, random), earlier.visits, KEPT.visits),
    choosing: among(questions.slice(asked), earlier.choosing, KEPT.questions),
    asked: among(questions.slice(0, asked), earlier.asked, KEPT.questions),
  };
  const kept = new Set(cases.slice(0, asked));
  return { past, cases, fitted: split.cases.filter((one) => !kept.has(one)) };
}

/** Questions about products of this catalogue. */
export function pastCases(
  questions: readonly Question[],
  rowOf: (sku: string) => number | undefined,
): Case[] {
  return questions.flatMap(({ history, target }) => {
    const row = rowOf(target);
    return row === undefined ? [] : [{ history, target: row }];
  });
}

/**
 * Trails without the touches that questions ask for. What is counted would answer the question by heart, and lose that
 * answer as counts fade: that is no forgetting of how shoppers go on.
 */
export function withoutAnswers(trails: readonly Trail[], cases: readonly Case[]): Trail[] {
  const answers = new Map<string, { target: number; since: number }[]>();
  for (const { history, target } of cases) {
    const { visitor, ts } = history.at(-1)!;
    answers.set(visitor, [...(answers.get(visitor) ?? []), { target, since: ts ?? Number.NaN }]);
  }
  return trails.map((trail) => {
    const own = answers.get(trail.visitor);
    if (own === undefined) return trail;
    const stays = (i: number): boolean =>
      !own.some(({ target, since }) => trail.rows[i] === target && !(trail.times[i]! < since));
    const keep = <T extends Int32Array | Float64Array>(of: T): T => of.filter((_, i) => stays(i)) as T;
    return {
      visitor: trail.visitor,
      rows: keep(trail.rows),
      times: keep(trail.times),
      sessions: keep(trail.sessions),
    };
  });
}

const questionOf = ({ history, target }: Case, products: readonly Product[]): Question => ({
  history: nameless(history.slice(-LONGEST)),
  target: products[target]!.sku,
});

/** One stretch of each visitor that touched two products, at most KEPT.visits of them. @param events by visitor */
function visitsOf(events: readonly BehaviourEvent[], random: Random): BehaviourEvent[][] {
  const bounds: [number, number][] = [];
  for (let from = 0, to = 0; from < events.length; from = to) {
    while (to < events.length && events[to]!.visitor === events[from]!.visitor) to++;
    if (touchesOf(events.slice(from, to)) > 1) bounds.push([from, to]);
  }
  return shuffle(bounds, random)
    .slice(0, KEPT.visits)
    .map(([from, to]) => {
      const visit = spreadBaskets(events.slice(from, to));
      const start = random.int(Math.max(1, visit.length - LONGEST + 1));
      return nameless(visit.slice(start, start + LONGEST));
    });
}

const touchesOf = (history: readonly BehaviourEvent[]): number =>
  history.reduce((count, event) => count + itemsOf(event).length, 0);

/** What was touched in which order and how long after each other: neither who nor when, nor what was searched for. */
function nameless(history: readonly BehaviourEvent[]): BehaviourEvent[] {
  const start = history[0]?.ts;
  return history.map((event) => ({
    visitor: '',
    name: event.name,
    items: itemsOf(event).map(({ sku, quantity }) => ({ sku, quantity })),
    ...(event.ts === undefined || start === undefined ? {} : { ts: event.ts - start }),
  }));
}

export const writePast = (past: Past): Uint8Array => gzipSync(JSON.stringify(past));

export const readPast = (bytes: Uint8Array | undefined): Past =>
  bytes === undefined ? NO_PAST : (JSON.parse(gunzipSync(bytes).toString()) as Past);
