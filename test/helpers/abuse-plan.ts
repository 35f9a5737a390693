/** What bots and server of the adversarial bench agree on. Money in cents. */

export const ABUSE = {
  site: 'demo',
  currency: 'EUR',
  budget: 1_000_000,
  /** What the promotion on everybody's menu takes off. */
  face: 1_000,
  /** What one takes off that is on nobody's. */
  vipFace: 5_000,
  /** Uses for each customer. */
  cap: 2,
  /** Accounts that the bots have at the shop, together. */
  identities: 40,
  processes: 16,
  claimMs: 1_500,
  goods: 9_000,
  shipping: 490,
} as const;

export interface BotOrders {
  url: string;
  shopToken: string;
  name: number;
  /** Attacks that each process makes. */
  attacks: number;
  /** Grants that every process was given: all of them claim and redeem the same. */
  contested: string[];
}

export interface BotReport {
  /** Redemptions that the server acknowledged. */
  acknowledged: { id: string; code: string; amount: number }[];
  wrongTotals: number;
  /** Answers of 500 or more. */
  failures: number;
  requests: number;
}
