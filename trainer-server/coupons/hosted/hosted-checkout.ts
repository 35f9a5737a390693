/**
 * Checkouts of other systems, which know nothing of our ledger: codes are made ahead, put there with a usage limit of
 * one, and given out by claims. What was redeemed there comes back by the system's order webhook, from which the shop's
 * server redeems here.
 */

import { BadInput } from '../../../shared/errors.ts';
import { exponentOf, toMajor } from '../../../shared/money.ts';
import type { Promotion } from '../../../shared/promotion.ts';

export interface HostedCoupon {
  promotion: Promotion;
  currency: string;
  codes: readonly string[];
}

export interface HostedCheckout {
  /**
   * Each code with the promotion's terms, good for one order. Codes that are there already stay as they are, so that a
   * publication which broke off can be sent again.
   * @returns how many were not there before
   * @throws BadInput for terms that the system cannot keep, HostedError where it refuses
   */
  publish(coupon: HostedCoupon): Promise<number>;
}

/** The other system said no. */
export class HostedError extends Error {
  override readonly name = 'HostedError';
}

/** What every system of the kind can keep exactly. */
export interface HostedTerms {
  /** Decimal major units, as text: "5.00". */
  amount: string;
  minimum?: string;
  /** Epoch ms. */
  ends?: number;
}

/**
 * A fixed amount with a minimum and an end. Other systems bound no percentage and read no rules of ours: such a coupon
 * could cost more than was reserved for it.
 * @throws BadInput naming what cannot be kept
 */
export function hostedTerms({ promotion, currency }: HostedCoupon): HostedTerms {
  const { terms, scope, eligibility, schedule } = promotion;
  const amount = terms.type === 'coupon' || terms.type === 'fixed_amount' ? terms.amount : undefined;
  const fix = 'Redeem it in a checkout of your own, with the server client';
  if (amount === undefined) throw new BadInput({ field: 'type' }, 'a fixed amount', terms.type, fix);
  for (const [field, rule] of Object.entries({ scope, eligibility, windows: schedule?.windows }))
    if (rule !== undefined) throw new BadInput({ field }, 'none, for a hosted checkout', 'one', fix);
  const minimum = 'minimum' in terms ? terms.minimum : undefined;
  const text = (minor: number): string => toMajor(minor, currency).toFixed(exponentOf(currency));
  return {
    amount: text(amount),
    ...(minimum === undefined ? {} : { minimum: text(minimum) }),
    ...(schedule?.ends === undefined ? {} : { ends: schedule.ends }),
  };
}

/** @throws HostedError where the answer is no JSON or a refusal */
export async function sendJson(
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new HostedError(`${new URL(url).host} answered ${response.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as Record<string, unknown>;
}
