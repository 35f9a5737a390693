/** One visitor's life as a coroutine: it yields each decision, is told the promotion, and goes on living. */

import type { DecisionRequest } from '../../shared/decision.ts';
import type { BehaviourEvent, EventItem } from '../../shared/event.ts';
import type { Random } from '../../shared/random.ts';
import { attributesAt } from './attributes.ts';
import { browseTo, itemOf, type Visit } from './browse.ts';
import type { Moment, Shopper } from './hidden.ts';
import { drawGroup, drawPlan } from './plan.ts';
import { drawOutcome, type Outcome, pullOf, shownDiscount } from './response.ts';
import type { ScheduledSession } from './schedule.ts';
import { drawShopper } from './shoppers.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
/** Events of the past that a decision carries: as many as the loader joins. */
export const HISTORY_LENGTH = 256;
/** Refunds come this many days after the purchase at the soonest, and at most as many later. */
const REFUND_DAYS = 4;
/** Added to the intent of a session that has bought: the next basket is less pressing. */
const SATISFIED = -1.5;

/** A decision to be made: `request` for the policy; the rest is hidden from it. */
export interface Asked {
  request: DecisionRequest & { id: string; ts: number; eligible: string[] };
  session: string;
  shopper: Shopper;
  moment: Moment;
}

export interface VisitorLife {
  /** Yields decisions; is resumed with the index, in the world's promotions, of what was shown. */
  steps: Generator<Asked, void, number>;
  /** All events so far, in time order. Late ones are added when the life ends. */
  timeline: BehaviourEvent[];
  /** By decision, as they happen. */
  outcomes: Outcome[];
}

/** @param eligibleAt promotion ids that may be shown at a time */
export function liveVisitor(
  world: World,
  visitor: string,
  schedule: readonly ScheduledSession[],
  eligibleAt: (ts: number) => string[],
  random: Random,
): VisitorLife {
  const shopper = drawShopper(world, visitor, schedule[0]!.ts, random.fork('shopper'));
  const own: Life = {
    world,
    shopper,
    eligibleAt,
    random,
    timeline: [],
    outcomes: [],
    pending: [],
    clock: 0,
    asked: 0,
    memory: { exposure: 0, at: 0, training: 0 },
  };
  return { timeline: own.timeline, outcomes: own.outcomes, steps: live(own, schedule) };
}

interface Life {
  world: World;
  shopper: Shopper;
  eligibleAt: (ts: number) => string[];
  random: Random;
  timeline: BehaviourEvent[];
  outcomes: Outcome[];
  /** Delayed purchases and refunds, in time order. */
  pending: (BehaviourEvent & { ts: number })[];
  clock: number;
  /** Decisions so far. */
  asked: number;
  /** What promotions have left behind: recent exposures as of `at`, and discounts seen. */
  memory: { exposure: number; at: number; training: number };
}

function* live(own: Life, schedule: readonly ScheduledSession[]): Generator<Asked, void, number> {
  for (const [s, session] of schedule.entries()) {
    own.clock = Math.max(session.ts, own.clock + 1);
    yield* shop(own, s, session.slots);
  }
  flush(own, Number.POSITIVE_INFINITY);
}

/** One session: to each slot the shopper browses, is shown something, and buys or not. */
function* shop(own: Life, s: number, slots: readonly number[]): Generator<Asked, void, number> {
  const { world, shopper } = own;
  const { catalogue, calibration, parameters } = world;
  const random = own.random.fork(`session ${s}`);
  const session = `${shopper.visitor}-${s + 1}`;
  const group = drawGroup(shopper, random);
  let intent = parameters.intentDeviation * random.normal();
  let plan = drawPlan(catalogue, calibration, shopper, group, random);
  const cart = new Map<number, number>();
  for (const [k, slot] of slots.entries()) {
    // A stream for each step: what one policy causes does not shift the luck of the next step.
    const visit = visitOf(own, { session, group, cart, random: own.random.fork(`step ${s}.${k}`) });
    const moment: Moment = {
      ts: own.clock,
      stage: world.stages[slot]!,
      intent,
      plan,
      exposure: 0,
      training: own.memory.training,
    };
    browseTo(visit, moment, k === 0);
    moment.ts = own.clock;
    moment.exposure = exposureNow(own);
    flush(own, own.clock);
    const request = requestOf(own, s, slot, cart);
    const shown = yield { request, session, shopper, moment };
    visit.wait(2);
    if (shown !== 0) seePromotion(own, visit, moment, shown);
    const outcome = drawOutcome(world, shopper, moment, shown, own.random.fork(`outcome ${s}.${k}`));
    own.outcomes.push(outcome);
    if (!outcome.bought) continue;
    settle(own, visit, moment, shown, outcome);
    cart.clear();
    intent += SATISFIED;
    plan = drawPlan(catalogue, calibration, shopper, group, random);
  }
}

function visitOf(own: Life, stay: Pick<Visit, 'session' | 'group' | 'cart' | 'random'>): Visit {
  return {
    world: own.world,
    shopper: own.shopper,
    ...stay,
    emit(event) {
      flush(own, own.clock);
      own.timeline.push({ visitor: own.shopper.visitor, session: stay.session, ts: own.clock, ...event });
      own.clock += 1000;
    },
    wait(meanSeconds) {
      own.clock += Math.round(1000 * meanSeconds * (0.3 + 1.4 * stay.random.next()));
    },
  };
}

function requestOf(own: Life, s: number, slot: number, cart: Visit['cart']): Asked['request'] {
  const { world, shopper, clock } = own;
  return {
    id: `${shopper.visitor}-d${++own.asked}`,
    ts: clock,
    slot: world.shop.slots[slot]!,
    attributes: attributesAt(shopper.attributes, s),
    history: own.timeline.slice(-HISTORY_LENGTH),
    eligible: own.eligibleAt(clock),
    ...(cart.size > 0 ? { cart: [...cart].map(([row, quantity]) => itemOf(world, row, quantity)) } : {}),
  };
}

/** Lets the memory of promotions fade up to now. */
function exposureNow({ memory, clock, world }: Life): number {
  memory.exposure *= 0.5 ** ((clock - memory.at) / (world.parameters.fatigueHalfLifeDays * DAY_MS));
  memory.at = clock;
  return memory.exposure;
}

/** Moves what has come due by `now` from the pending events into the timeline. */
function flush({ pending, timeline }: Life, now: number): void {
  while (pending.length > 0 && pending[0]!.ts < now) timeline.push(pending.shift()!);
}

/** The offer is remembered, and looked at closely by those it pulls. */
function seePromotion({ memory }: Life, visit: Visit, moment: Moment, shown: number): void {
  const { world, shopper, random } = visit;
  const promotion = world.promotions[shown]!.id;
  memory.exposure++;
  memory.training += shownDiscount(world, moment, shown);
  visit.emit({ name: 'view_promotion', promotion });
  visit.wait(2);
  const interest = 0.03 + 0.6 * (1 - Math.exp(-0.6 * Math.max(0, pullOf(world, shopper, moment, shown))));
  if (random.next() < interest) visit.emit({ name: 'select_promotion', promotion });
}

/** The purchase, at once or days later, and the refund that may follow. */
function settle(own: Life, visit: Visit, moment: Moment, shown: number, outcome: Outcome): void {
  const { world, random, shopper } = visit;
  const { visitor } = shopper;
  const promotion = outcome.used ? { promotion: world.promotions[shown]!.id } : {};
  const bill = billOf(world, moment, outcome);
  let ts: number;
  if (outcome.delayMs === 0) {
    visit.emit({ name: 'begin_checkout' });
    visit.wait(60);
    ts = own.clock;
    visit.emit({ name: 'purchase', ...bill, ...promotion });
  } else {
    ts = own.clock + Math.round(outcome.delayMs);
    later(own, { visitor, ts, name: 'purchase', ...bill, ...promotion });
  }
  if (!outcome.refunded) return;
  const due = ts + Math.round(REFUND_DAYS * DAY_MS * (1 + random.next()));
  later(own, { visitor, ts: due, name: 'refund', ...bill, ...promotion });
}

function later({ pending }: Life, event: BehaviourEvent & { ts: number }): void {
  const at = pending.findIndex(({ ts }) => ts > event.ts);
  if (at < 0) pending.push(event);
  else pending.splice(at, 0, event);
}

function billOf(world: World, { plan }: Moment, outcome: Outcome): { items: EventItem[]; value?: number } {
  const units = new Map(plan.rows.map((row, i) => [row, plan.units[i]!]));
  if (outcome.extraUnits > 0)
    units.set(outcome.extraRow, (units.get(outcome.extraRow) ?? 0) + outcome.extraUnits);
  const items = [...units].map(([row, quantity]) => itemOf(world, row, quantity * outcome.copies));
  if (items.some(({ price }) => price === undefined)) return { items };
  const value = items.reduce((sum, { price, quantity }) => sum + price! * quantity, 0);
  return { items, value: Math.max(0, value - outcome.saving * outcome.copies) };
}
