/** What is known about the shopper and the moment when a promotion's rules are checked. */

import type { Minor } from '../money.ts';
import type { Attributes } from '../read.ts';

/** How often promotions have been used. Uses of orders that were cancelled or wholly returned are not among them. */
export interface Uses {
  /** By this shopper. */
  bySubject(promotion: string): number;
  /** By everyone, reservations included. */
  total(promotion: string): number;
  /** Minor units taken from the promotion's budget so far, reservations included. */
  spent(promotion: string): Minor;
}

export interface Facts {
  /** Epoch milliseconds; undefined where a log has no times, and then schedules forbid nothing. */
  now: number | undefined;
  /** The shop's IANA zone: of schedules and time conditions that name none. UTC where absent. */
  timeZone?: string;
  attributes?: Attributes;
  segments?: readonly string[];
  /** BCP 47. */
  locale?: string;
  /** Absent on a device, which cannot know: the till checks caps and budgets. */
  uses?: Uses;
}

/** Nobody has used anything: a price preview, a first order. */
export const UNUSED: Uses = { bySubject: () => 0, total: () => 0, spent: () => 0 };
