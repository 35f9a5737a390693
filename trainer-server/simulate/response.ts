/**
 * How a shopper responds to a promotion: the closed form, and draws from the very same numbers.
 *
 * A shown promotion is noticed (compliance), then used or not (`engagement`: filling up to a minimum, redeeming a
 * coupon). Each of the three cases has a logistic probability of purchase; a purchase may come late (counted only
 * within the attribution window), may come back (refund) and may be ordered several times over.
 */

import type { Random } from '../../shared/random.ts';
import { BARGAIN, COLLECTOR, CURIOUS, type Moment, RESOLUTE, SHIPPING, type Shopper } from './hidden.ts';
import { addedValue, type Offer, offerFor, shippingOf } from './offer.ts';
import type { Response } from './types.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
/** Saving beyond which more adds little: 1 / SATURATION of the basket. */
const SATURATION = 4;
/** Largest number of times a heavy-tailed basket is ordered over. */
const MOST_COPIES = 200;

/** What came of a decision. Money in minor units. */
export interface Outcome {
  bought: boolean;
  /** The promotion was used for the purchase. */
  used: boolean;
  delayMs: number;
  /** Whether it came in time to count. */
  counted: boolean;
  refunded: boolean;
  copies: number;
  reward: number;
  spend: number;
  /** Units added for the offer. */
  extraRow: number;
  extraUnits: number;
  /** Taken off the price paid. */
  saving: number;
}

/** One promotion judged: probabilities of each case and the money in each, for one copy of the order. */
interface Judgement {
  offer: Offer;
  engagement: number;
  /** Purchase probability: not noticed, noticed and not used, used. */
  pPlain: number;
  pIgnored: number;
  pUsed: number;
  /** Margin without and with the promotion; what a refund leaves behind. */
  plainMargin: number;
  usedMargin: number;
}

/** Exact expectations of promotion `at` of the world's list, in minor units. */
export function responseOf(world: World, shopper: Shopper, moment: Moment, at: number): Response {
  const judged = judge(world, shopper, moment, at, scratch);
  const { compliance, refundShare } = world.parameters;
  const counted = countedShare(world);
  const noticed = at === 0 ? 0 : compliance;
  const plain = (1 - noticed) * judged.pPlain + noticed * (1 - judged.engagement) * judged.pIgnored;
  const used = noticed * judged.engagement * judged.pUsed;
  const copies = expectedCopies(world.parameters.tailIndex);
  const kept = 1 - refundShare;
  const handling = world.shippingFee;
  const { cost, sunk } = judged.offer;
  return {
    pBuy: (plain + used) * counted,
    expectedReward:
      counted *
      copies *
      (plain * (kept * judged.plainMargin - refundShare * handling) +
        used * (kept * (judged.usedMargin - cost) - refundShare * (handling + sunk))),
    expectedSpend: counted * copies * used * (kept * cost + refundShare * sunk),
  };
}

/** Draws what happens; the frequencies are those of `responseOf`. */
export function drawOutcome(
  world: World,
  shopper: Shopper,
  moment: Moment,
  at: number,
  random: Random,
): Outcome {
  const { parameters, shippingFee } = world;
  const judged = judge(world, shopper, moment, at, scratch);
  const noticed = random.next() < parameters.compliance && at !== 0;
  const used = random.next() < judged.engagement && noticed;
  const p = used ? judged.pUsed : noticed ? judged.pIgnored : judged.pPlain;
  const bought = random.next() < p;
  const delayed = random.next() < parameters.delayShare;
  const delayMs = delayed ? -Math.log(1 - random.next()) * parameters.delayMeanDays * DAY_MS : 0;
  const refunded = random.next() < parameters.refundShare;
  const copies = drawCopies(parameters.tailIndex, random);
  const counted = bought && delayMs <= parameters.attributionDays * DAY_MS;
  const { offer } = judged;
  const margin = used ? judged.usedMargin - offer.cost : judged.plainMargin;
  const sunk = used ? offer.sunk : 0;
  const spend = used ? (refunded ? offer.sunk : offer.cost) : 0;
  return {
    bought,
    used,
    delayMs,
    counted,
    refunded,
    copies,
    reward: counted ? copies * (refunded ? -shippingFee - sunk : margin) : 0,
    spend: counted ? copies * spend : 0,
    extraRow: used ? offer.extraRow : -1,
    extraUnits: used ? offer.extraUnits : 0,
    saving: used ? offer.saving : 0,
  };
}

/** Relative saving that promotion `at` shows to this basket: what teaches a shopper to wait. */
export function shownDiscount(world: World, moment: Moment, at: number): number {
  const offer = offerFor(world, at, moment.plan, scratch.offer);
  return offer.usable ? offer.saving / moment.plan.value : 0;
}

/** Log-odds that the promotion adds where it is noticed and used: also what makes shoppers look at it closely. */
export function pullOf(world: World, shopper: Shopper, moment: Moment, at: number): number {
  const offer = offerFor(world, at, moment.plan, scratch.offer);
  return offer.usable ? attentionOf(world, moment) * rawPull(world, shopper, moment, at, offer) : 0;
}

/** Friday to Sunday, and the last five days of a month (UTC). */
export function isPeak(ts: number): boolean {
  const day = new Date(ts).getUTCDay();
  return day === 5 || day === 6 || day === 0 || new Date(ts + 5 * DAY_MS).getUTCDate() <= 5;
}

const scratch: Judgement = {
  offer: { usable: false, extraUnits: 0, extraRow: -1, saving: 0, cost: 0, sunk: 0, match: 0 },
  engagement: 0,
  pPlain: 0,
  pIgnored: 0,
  pUsed: 0,
  plainMargin: 0,
  usedMargin: 0,
};

function judge(world: World, shopper: Shopper, moment: Moment, at: number, out: Judgement): Judgement {
  const { parameters, catalogue } = world;
  const { plan } = moment;
  const offer = offerFor(world, at, plan, out.offer);
  const waiting = parameters.discountTraining * moment.training;
  const base = baseLogOdds(world, shopper, moment) - waiting;
  const attention = attentionOf(world, moment);
  const annoyed = at === 0 ? 0 : (parameters.annoyance * (0.2 + shopper.motives[RESOLUTE]!)) / attention;
  out.plainMargin = plan.value - plan.cost;
  out.usedMargin = out.plainMargin;
  out.engagement = 0;
  out.pPlain = sigmoid(base);
  out.pIgnored = sigmoid(base - annoyed);
  out.pUsed = out.pIgnored;
  if (at === 0 || !offer.usable) return out;
  const pull = attention * rawPull(world, shopper, moment, at, offer);
  // Whoever waits for a discount stops waiting when one of a tenth or more is there.
  const relief = waiting * Math.min(1, offer.saving / (0.1 * plan.value));
  out.engagement = engagementOf(world, shopper, at, offer, plan.value);
  out.pUsed = sigmoid(base - annoyed + pull + relief);
  const added = offer.extraUnits;
  if (added > 0)
    out.usedMargin += added * (catalogue.price[offer.extraRow]! - catalogue.cost[offer.extraRow]!);
  return out;
}

function baseLogOdds(world: World, shopper: Shopper, moment: Moment): number {
  const { parameters } = world;
  const { plan, stage } = moment;
  let units = 0;
  for (const unit of plan.units) units += unit;
  const dear = Math.max(0, Math.log(plan.value / (units * shopper.lineBudget)));
  const shipping = shippingOf(plan.value, world) > 0 ? shopper.motives[SHIPPING]! : 0;
  // Centred, so that a seasonal world sells about as much as an even one.
  const peak = parameters.peakLogOdds === 0 ? 0 : parameters.peakLogOdds * (isPeak(moment.ts) ? 0.5 : -0.5);
  return (
    parameters.baseLogOdds +
    parameters.stageLogOdds * stage +
    moment.intent +
    shopper.inclination +
    parameters.resolve * shopper.motives[RESOLUTE]! -
    0.6 * Math.min(2, dear) -
    0.8 * shipping +
    peak
  );
}

function attentionOf({ parameters }: World, moment: Moment): number {
  return 1 / (1 + parameters.fatigue * moment.exposure);
}

function rawPull(world: World, shopper: Shopper, moment: Moment, at: number, offer: Offer): number {
  const { parameters } = world;
  const { motives } = shopper;
  const value = moment.plan.value + addedValue(world, offer);
  const relevance = parameters.relevancePull * shopper.devotion * offer.match * offer.match;
  const own = (motive: number) => parameters.offerPull * (0.12 + motives[motive]!);
  switch (world.promotions[at]!.terms.type) {
    case 'none':
      return 0;
    case 'message':
      return own(CURIOUS);
    case 'gift':
      return own(COLLECTOR) * appeal(offer.cost / (0.05 * world.typicalBasket)) + relevance;
    case 'loyalty_points':
      return 0.7 * own(COLLECTOR) * appeal(offer.cost / (0.04 * world.typicalBasket)) + relevance;
    case 'free_shipping':
      return own(SHIPPING) * appeal(offer.saving / (0.12 * value));
    default: {
      const elasticity = parameters.commonElasticity + parameters.priceElasticity * motives[BARGAIN]!;
      const share = offer.saving / value;
      return (elasticity * (1 - Math.exp(-SATURATION * share))) / SATURATION + relevance;
    }
  }
}

/** Square root up to a cap: twice the gift is not twice the joy. */
const appeal = (size: number): number => Math.min(1.3, Math.sqrt(size));

function engagementOf(world: World, shopper: Shopper, at: number, offer: Offer, value: number): number {
  const added = addedValue(world, offer);
  const fills = added === 0 ? 1 : shopper.filling * Math.exp((-1.5 * added) / value);
  const redeems = world.promotions[at]!.terms.type === 'coupon' ? 0.3 + 0.65 * shopper.motives[BARGAIN]! : 1;
  return fills * redeems;
}

/** Share of purchases that come within the attribution window. */
function countedShare({ parameters }: World): number {
  const late = Math.exp(-parameters.attributionDays / parameters.delayMeanDays);
  return 1 - parameters.delayShare * late;
}

/** Discrete Pareto by inversion, truncated: floor(u^(-1/index)). */
function drawCopies(tailIndex: number, random: Random): number {
  const u = 1 - random.next();
  return tailIndex === 0 ? 1 : Math.min(MOST_COPIES, Math.floor(u ** (-1 / tailIndex)));
}

/** E[floor(u^(-1/index))], truncated = sum over k of P(copies >= k) = sum of k^-index. */
function expectedCopies(tailIndex: number): number {
  if (tailIndex === 0) return 1;
  let sum = 0;
  for (let k = 1; k <= MOST_COPIES; k++) sum += k ** -tailIndex;
  return sum;
}

const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
