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
/** Log-odds of buying again in a session that has bought already. */
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
  const timeline: BehaviourEvent[] = [];
  const outcomes: Outcome[] = [];
  return {
    timeline,
    outcomes,
    steps: life({ world, visitor, schedule, eligibleAt, random, timeline, outcomes, pending: [] }),
  };
}

interface Life {
  world: World;
  visitor: string;
  schedule: readonly ScheduledSession[];
  eligibleAt: (ts: number) => string[];
  random: Random;
  timeline: BehaviourEvent[];
  outcomes: Outcome[];
  /** Delayed purchases and refunds, in time order. */
  pending: (BehaviourEvent & { ts: number })[];
}

function* life(own: Life): Generator<Asked, void, number> {
  const { world, random, outcomes } = own;
  const { fatigueHalfLifeDays, intentDeviation } = world.parameters;
  const shopper = drawShopper(world, own.visitor, own.schedule[0]!.ts, random.fork('shopper'));
  let clock = 0;
  let exposure = 0;
  let exposedAt = 0;
  let training = 0;
  let asked = 0;
  for (const [s, session] of own.schedule.entries()) {
    const sessionRandom = random.fork(`session ${s}`);
    const name = `${own.visitor}-${s + 1}`;
    const group = drawGroup(shopper, sessionRandom);
    const intent = intentDeviation * sessionRandom.normal();
    let plan = drawPlan(world.catalogue, world.calibration, shopper, group, sessionRandom);
    let satisfied = 0;
    const cart = new Map<number, number>();
    clock = Math.max(session.ts, clock + 1);
    for (const [k, slot] of session.slots.entries()) {
      // A stream for each step: what one policy causes does not shift the luck of the next step.
      const stepRandom = random.fork(`step ${s}.${k}`);
      const visit: Visit = {
        world,
        shopper,
        session: name,
        group,
        cart,
        random: stepRandom,
        emit: (event) => {
          flush(own, clock);
          own.timeline.push({ visitor: own.visitor, session: name, ts: clock, ...event });
          clock += 1000;
        },
        wait: (meanSeconds) => {
          clock += Math.round(1000 * meanSeconds * (0.3 + 1.4 * stepRandom.next()));
        },
      };
      const moment: Moment = {
        ts: clock,
        stage: world.stages[slot]!,
        intent: intent + satisfied,
        plan,
        exposure: 0,
        training,
      };
      browseTo(visit, moment, k === 0);
      exposure *= 0.5 ** ((clock - exposedAt) / (fatigueHalfLifeDays * DAY_MS));
      exposedAt = moment.ts = clock;
      moment.exposure = exposure;
      flush(own, clock);
      const request: Asked['request'] = {
        id: `${own.visitor}-d${++asked}`,
        ts: clock,
        slot: world.shop.slots[slot]!,
        attributes: attributesAt(shopper.attributes, s),
        history: own.timeline.slice(-HISTORY_LENGTH),
        eligible: own.eligibleAt(clock),
      };
      if (cart.size > 0) request.cart = [...cart].map(([row, quantity]) => itemOf(world, row, quantity));
      const shown = yield { request, session: name, shopper, moment };
      visit.wait(2);
      if (shown !== 0) {
        exposure++;
        training += shownDiscount(world, moment, shown);
        emitPromotion(visit, moment, shown);
      }
      const outcome = drawOutcome(world, shopper, moment, shown, random.fork(`outcome ${s}.${k}`));
      outcomes.push(outcome);
      if (!outcome.bought) continue;
      settle(own, visit, moment, shown, outcome, () => clock);
      cart.clear();
      satisfied = SATISFIED;
      plan = drawPlan(world.catalogue, world.calibration, shopper, group, sessionRandom);
    }
  }
  flush(own, Number.POSITIVE_INFINITY);
}

/** Moves what has come due by `now` from the pending events into the timeline. */
function flush({ pending, timeline }: Life, now: number): void {
  while (pending.length > 0 && pending[0]!.ts < now) timeline.push(pending.shift()!);
}

/** The offer is seen, and looked at closely by those it pulls. */
function emitPromotion(visit: Visit, moment: Moment, shown: number): void {
  const { world, shopper, random } = visit;
  const promotion = world.promotions[shown]!.id;
  visit.emit({ name: 'view_promotion', promotion });
  visit.wait(2);
  const interest = 0.03 + 0.6 * (1 - Math.exp(-0.6 * Math.max(0, pullOf(world, shopper, moment, shown))));
  if (random.next() < interest) visit.emit({ name: 'select_promotion', promotion });
}

/** The purchase, at once or days later, and the refund that may follow. */
function settle(
  own: Life,
  visit: Visit,
  moment: Moment,
  shown: number,
  outcome: Outcome,
  now: () => number,
): void {
  const { world, random } = visit;
  const promotion = outcome.used ? { promotion: world.promotions[shown]!.id } : {};
  const bill = billOf(world, moment, outcome);
  let ts: number;
  if (outcome.delayMs === 0) {
    visit.emit({ name: 'begin_checkout' });
    visit.wait(60);
    ts = now();
    visit.emit({ name: 'purchase', ...bill, ...promotion });
  } else {
    ts = now() + Math.round(outcome.delayMs);
    later(own, { visitor: own.visitor, ts, name: 'purchase', ...bill, ...promotion });
  }
  if (!outcome.refunded) return;
  const due = ts + Math.round(REFUND_DAYS * DAY_MS * (1 + random.next()));
  later(own, { visitor: own.visitor, ts: due, name: 'refund', ...bill, ...promotion });
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
