/** Runs a policy on a world's shoppers, many at a time. */

import { draw } from '../../shared/choose.ts';
import type { DecisionRequest, LoggedDecision } from '../../shared/decision.ts';
import { BadInput } from '../../shared/errors.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { exponentOf } from '../../shared/money.ts';
import { endOf, runsAt } from '../../shared/promotions/schedule.ts';
import { type Random, seeded } from '../../shared/random.ts';
import type { Moment, Shopper } from './hidden.ts';
import { type Outcome, responseOf } from './response.ts';
import { drawSchedule, type ScheduledSession } from './schedule.ts';
import type { Estimate, RunOptions, RunResult, SimulatedPolicy } from './types.ts';
import { type Asked, liveVisitor, type VisitorLife } from './visitor.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

/** A chooser that is shown the truth as well: for the all-knowing value alone. */
export type Chooser = (
  requests: readonly DecisionRequest[],
  truth: readonly Truth[],
) => number[][] | Promise<number[][]>;

/** What no policy sees. Money in major units, by the request's `eligible`. */
export interface Truth {
  shopper: Shopper;
  moment: Moment;
  expected: Float64Array;
  spend: Float64Array;
}

/** Runs a policy that sees requests only. @throws BadInput where it gives no probability distribution */
export function runWorld(world: World, policy: SimulatedPolicy, options: RunOptions): Promise<RunResult> {
  return runChooser(world, policy.name, (requests) => policy.probabilities(requests), options);
}

/** Shoppers are advanced in lock-step batches; each has random streams of its own, so the batch changes nothing. */
export async function runChooser(
  world: World,
  name: string,
  choose: Chooser,
  options: RunOptions,
): Promise<RunResult> {
  const arrivals = visitorsOf(world, options);
  const eligibleAt = eligibility(world);
  const batch: Active[] = [];
  const ended: Active[] = [];
  let count = 0;
  const refill = (): void => {
    while (batch.length < (options.batch ?? 512)) {
      const next = arrivals.next();
      if (next.done) return;
      const active = begin(world, next.value, eligibleAt);
      if (active !== undefined) batch.push(active);
    }
  };
  refill();
  while (batch.length > 0) {
    options.signal?.throwIfAborted();
    const requests = batch.map(({ asked }) => asked.request);
    const truths = batch.map(({ asked }) => truthOf(world, asked));
    const rows = await choose(requests, truths);
    count += requests.length;
    for (let i = batch.length - 1; i >= 0; i--) {
      const active = batch[i]!;
      const p = distribution(rows[i], active.asked.request, name);
      const step = active.life.steps.next(record(world, active, p, truths[i]!));
      if (!step.done) {
        active.asked = step.value;
        continue;
      }
      conclude(world, active);
      ended.push(active);
      batch[i] = batch.at(-1)!;
      batch.pop();
    }
    refill();
    options.onProgress?.(count);
  }
  return resultOf(ended);
}

interface Arrival {
  index: number;
  visitor: string;
  schedule: ScheduledSession[];
  random: Random;
}

interface Active {
  arrival: Arrival;
  life: VisitorLife;
  asked: Asked;
  logged: LoggedDecision[];
  expected: Float64Array[];
  actions: Random;
  value: number;
  spend: number;
}

/** Visitors in order until the decisions or sessions asked for are full; the last one is cut short. */
function* visitorsOf(world: World, options: RunOptions): Generator<Arrival> {
  const { decisions, sessions, seed, fromDay = 0, days = 90 } = options;
  if ((decisions === undefined) === (sessions === undefined)) {
    throw new BadInput({ field: 'decisions' }, 'either decisions or sessions', 'both or neither');
  }
  let left = decisions ?? sessions!;
  for (let index = 0; left > 0; index++) {
    const random = seeded(`${seed}/visitor/${index}`);
    const arrival = world.startTs + (fromDay + random.next() * days) * DAY_MS;
    const schedule: ScheduledSession[] = [];
    for (const session of drawSchedule(world, arrival, random)) {
      if (left <= 0) break;
      const slots = decisions === undefined ? session.slots : session.slots.slice(0, left);
      left -= decisions === undefined ? 1 : slots.length;
      schedule.push({ ...session, slots });
    }
    yield { index, visitor: `v${index + 1}`, schedule, random };
  }
}

function truthOf(world: World, { request, shopper, moment }: Asked): Truth {
  const scale = 10 ** -exponentOf(world.shop.currency);
  const expected = new Float64Array(request.eligible.length);
  const spend = new Float64Array(request.eligible.length);
  for (let i = 0; i < expected.length; i++) {
    const response = responseOf(world, shopper, moment, world.indexOf.get(request.eligible[i]!)!);
    expected[i] = scale * response.expectedReward;
    spend[i] = scale * response.expectedSpend;
  }
  return { shopper, moment, expected, spend };
}

function distribution(p: number[] | undefined, request: Asked['request'], name: string): number[] {
  const n = request.eligible.length;
  const sum = p?.length === n ? p.reduce((total, x) => total + (x >= 0 ? x : Number.NaN), 0) : Number.NaN;
  if (p === undefined || !(Math.abs(sum - 1) < 1e-6)) {
    throw new BadInput(
      { field: `probabilities of policy '${name}'` },
      `${n} numbers of at least 0 that sum to one`,
      `${JSON.stringify(p)?.slice(0, 60)}`,
    );
  }
  return p;
}

/** Which promotions run at a time: always the same list where none is scheduled. */
function eligibility(world: World): (ts: number) => string[] {
  const everything = world.promotions.map(({ id }) => id);
  const scheduled = world.promotions.some(
    (promotion) => (endOf(promotion) ?? promotion.schedule?.starts) !== undefined,
  );
  if (!scheduled) return () => everything;
  return (ts) => world.promotions.filter((promotion) => runsAt(promotion, ts)).map(({ id }) => id);
}

/** Lives up to the first decision; undefined where there is none. */
function begin(world: World, arrival: Arrival, eligibleAt: (ts: number) => string[]): Active | undefined {
  const life = liveVisitor(world, arrival.visitor, arrival.schedule, eligibleAt, arrival.random);
  const first = life.steps.next();
  if (first.done) return undefined;
  const actions = arrival.random.fork('actions');
  return { arrival, life, asked: first.value, logged: [], expected: [], actions, value: 0, spend: 0 };
}

/** Draws and notes the action. @returns its index among the world's promotions */
function record(world: World, active: Active, p: readonly number[], truth: Truth): number {
  const { request, session } = active.asked;
  const at = draw(p, active.actions);
  active.logged.push({
    ...request,
    visitor: active.arrival.visitor,
    session,
    action: request.eligible[at]!,
    propensity: p[at]!,
  });
  active.expected.push(truth.expected);
  for (let i = 0; i < p.length; i++) {
    active.value += p[i]! * truth.expected[i]!;
    active.spend += p[i]! * truth.spend[i]!;
  }
  return world.indexOf.get(request.eligible[at]!)!;
}

/** All windows have passed: each decision is told what came of it. */
function conclude(world: World, active: Active): void {
  active.life.outcomes.forEach((outcome, i) => {
    Object.assign(active.logged[i]!, outcomeFields(world, outcome));
  });
}

/** Money leaves in major units, through decimal text so that 0.1 stays 0.1. */
function outcomeFields(world: World, outcome: Outcome) {
  const exponent = exponentOf(world.shop.currency);
  const major = (minor: number): number => Number(`${Math.round(minor)}e-${exponent}`);
  const { bought, refunded, delayMs } = outcome;
  return {
    reward: major(outcome.reward),
    spend: major(outcome.spend),
    outcome: bought ? { bought, refunded, delay_ms: Math.round(delayMs) } : { bought },
  };
}

function resultOf(ended: Active[]): RunResult {
  ended.sort((left, right) => left.arrival.index - right.arrival.index);
  const pairs = ended.flatMap(({ logged, expected }) =>
    logged.map((decision, i) => ({ decision, expected: expected[i]! })),
  );
  pairs.sort((left, right) => left.decision.ts! - right.decision.ts!);
  const events: BehaviourEvent[] = [];
  for (const { life } of ended) for (const event of life.timeline) events.push(event);
  const reward = Float64Array.from(ended, ({ value }) => value);
  const decisions = Int32Array.from(ended, ({ logged }) => logged.length);
  return {
    decisions: pairs.map(({ decision }) => decision),
    events,
    value: meanPerDecision(reward, decisions),
    spend: meanPerDecision(
      Float64Array.from(ended, ({ spend }) => spend),
      decisions,
    ),
    expected: pairs.map(({ expected }) => expected),
    visitors: { reward, decisions },
  };
}

/** Ratio estimate with the linearised (clustered) standard error. */
export function meanPerDecision(total: Float64Array, decisions: Int32Array): Estimate {
  const count = decisions.reduce((sum, n) => sum + n, 0);
  const mean = total.reduce((sum, x) => sum + x, 0) / count;
  const squares = total.reduce((sum, x, i) => sum + (x - mean * decisions[i]!) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares) / count };
}

/** Paired difference of two runs of one seed: the same visitors, so most of the noise cancels. */
export function difference(a: RunResult, b: RunResult): Estimate {
  const gain = a.visitors.reward.map((reward, i) => reward - b.visitors.reward[i]!);
  return meanPerDecision(gain, a.visitors.decisions);
}
