/** What a better value must not be bought with: margin, discounts for everyone, silence, unequal treatment. */

import type { LoggedDecision } from '../../shared/decision.ts';
import type { Promotion, PromotionType } from '../../shared/promotion.ts';
import type { GuardRailLimits } from '../../shared/shop.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import { takenRow } from './evidence.ts';

/** Four fifths: the rule of thumb of the US Uniform Guidelines (29 CFR 1607.4 D) for unequal selection. */
export const GUARD_RAILS = { margin_given: 0.5, parity: 0.8 } as const satisfies GuardRailLimits;

export interface Rail {
  name: string;
  value: number;
  /** Absent: measured, not enforced. */
  limit?: number;
  held: boolean;
  /** The figure would tell the shop's margin: it stays with the trainer. */
  secret?: boolean;
}

export interface Guarded {
  data: PolicyData;
  decisions: readonly LoggedDecision[];
  promotions: readonly Pick<Promotion, 'id' | 'terms'>[];
  /** Probabilities of the candidate, [rows]. */
  target: ArrayLike<number>;
  propensity: Float64Array;
  limits: GuardRailLimits;
}

const FREE: ReadonlySet<PromotionType> = new Set(['none', 'message']);
/** Visitors' decisions below which a group's share is noise. */
const LEAST_GROUP = 50;

export function guardRails(guarded: Guarded): Rail[] {
  const { data, limits } = guarded;
  const free = freeOf(guarded);
  const giving = shareOf(guarded, (p) => !free.has(p));
  const shown = shareOf(guarded, (p) => data.promotions[p] !== 'none');
  const all = (): boolean => true;
  return [
    atMost('discount share', mean(giving, all), limits.discount_share),
    atLeast('reach', mean(shown, all), limits.reach),
    ...marginRail(guarded),
    ...parityRails(guarded, giving),
  ];
}

/** A rail in words that may be published. */
export function describeRail({ name, value, limit, held, secret }: Rail): string {
  const figure = secret ? '' : ` ${(100 * value).toFixed(1)} %`;
  const bound =
    limit === undefined ? '' : held ? ' (within its limit)' : secret ? '' : `, limit ${100 * limit} %`;
  return `${held ? '' : 'guard-rail broken: '}${name}${figure}${bound}`;
}

function atMost(name: string, value: number, limit: number | undefined): Rail {
  return {
    name,
    value,
    ...(limit === undefined ? {} : { limit }),
    held: limit === undefined || value <= limit,
  };
}

function atLeast(name: string, value: number, limit: number | undefined): Rail {
  return {
    name,
    value,
    ...(limit === undefined ? {} : { limit }),
    held: limit === undefined || value >= limit,
  };
}

/** Numbers of the promotions that give nothing of value away; what the shop did not declare counts as giving. */
function freeOf({ data, promotions }: Guarded): Set<number> {
  const types = new Map(promotions.map(({ id, terms }) => [id, terms.type]));
  const free = new Set<number>();
  data.promotions.forEach((id, p) => {
    const type = id === 'none' ? 'none' : types.get(id);
    if (type !== undefined && FREE.has(type)) free.add(p);
  });
  return free;
}

/** The candidate's probability, at each decision, of promotions of a kind, [n]. */
function shareOf({ data, target }: Guarded, kind: (promotion: number) => boolean): Float64Array {
  const share = new Float64Array(data.count);
  for (let i = 0; i < data.count; i++) {
    for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
      if (kind(data.promotion[row]!)) share[i]! += target[row]!;
    }
  }
  return share;
}

function mean(values: Float64Array, among: (i: number) => boolean): number {
  let [sum, count] = [0, 0];
  values.forEach((value, i) => {
    if (!among(i)) return;
    sum += value;
    count++;
  });
  return count === 0 ? 0 : sum / count;
}

/** Promotion cost as a share of the margin before it, by self-normalised weights; only where the log says `spend`. */
function marginRail({ data, decisions, target, propensity, limits }: Guarded): Rail[] {
  let [spent, gross] = [0, 0];
  for (let i = 0; i < data.count; i++) {
    const { spend } = decisions[i]!;
    if (spend === undefined) continue;
    const weight = target[takenRow(data, i)]! / propensity[i]!;
    spent += weight * spend;
    gross += weight * (spend + data.reward[i]!);
  }
  if (spent <= 0) return [];
  const value = gross > 0 ? spent / gross : 1;
  const rail = atMost('margin given away', value, limits.margin_given ?? GUARD_RAILS.margin_given);
  return [{ ...rail, secret: true }];
}

/** How much less often the least favoured group of an attribute is offered something than the most favoured. */
function parityRails({ decisions, limits }: Guarded, giving: Float64Array): Rail[] {
  return (limits.groups ?? []).map((attribute) => {
    const groupOf = (i: number): string => String(decisions[i]!.attributes?.[attribute] ?? '');
    const sizes = new Map<string, number>();
    decisions.forEach((_, i) => {
      sizes.set(groupOf(i), (sizes.get(groupOf(i)) ?? 0) + 1);
    });
    const groups = [...sizes].filter(([group, size]) => group !== '' && size >= LEAST_GROUP);
    const shares = groups.map(([group]) => mean(giving, (i) => groupOf(i) === group));
    const most = Math.max(0, ...shares);
    const value = most === 0 ? 1 : Math.min(...shares) / most;
    return atLeast(`parity of ${attribute}`, value, limits.parity ?? GUARD_RAILS.parity);
  });
}
