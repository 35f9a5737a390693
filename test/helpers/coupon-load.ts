/** Shoppers and tills that keep a coupon server busy over real connections. */

import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import type { CouponServer } from './coupon-server.ts';
import { basket, FIVE_OFF, SITE } from './coupon-shop.ts';
import { type Connection, openConnection, type RawAnswer } from './keep-alive.ts';

const BUDGET = 1e12;

/** Grants of new visits. They are signed here, with the server's key: granting is no part of the pair. */
export async function visits(store: Store, count: number): Promise<string[]> {
  const coupons = openCoupons(store, { newSidsPerSite: Number.MAX_SAFE_INTEGER });
  const now = Date.now();
  store.transaction(() => coupons.budgets.set(SITE, 'summer', 'EUR', BUDGET, now));
  coupons.offer(SITE, FIVE_OFF, { budget: 'summer' });
  const granting = Array.from({ length: count }, () => coupons.grant(SITE, {}, undefined, now));
  return (await Promise.all(granting)).map(({ token }) => token);
}

export interface Run {
  /** Of each request, ms. */
  times: number[];
  errors: number;
  ms: number;
}

/** A shopper who claims, and the till where they pay, over one connection each way. */
export class Till {
  #orders = 0;
  readonly #name = Math.random().toString(36).slice(2);
  constructor(
    readonly connection: Connection,
    readonly server: CouponServer,
  ) {}

  async pair(grant: string, run: Run): Promise<void> {
    const claim = await this.#timed(run, `/s/${SITE}/claims`, '', { grant, promotion: FIVE_OFF.id });
    if (claim.status !== 201) return void run.errors++;
    const order = `${this.#name}-${++this.#orders}`;
    const headers = `Authorization: Bearer ${this.server.shopToken}\r\nIdempotency-Key: ${order}\r\n`;
    const body = { order, codes: [JSON.parse(claim.body).code], cart: basket(4_000) };
    const { status } = await this.#timed(run, `/s/${SITE}/redemptions`, headers, body);
    if (status !== 201) run.errors++;
  }

  close(): void {
    this.connection.close();
  }

  async #timed(run: Run, path: string, headers: string, body: object): Promise<RawAnswer> {
    const began = performance.now();
    const answer = await this.connection.post(path, headers, JSON.stringify(body));
    run.times.push(performance.now() - began);
    return answer;
  }
}

export const openTills = (server: CouponServer, count: number): Promise<Till[]> =>
  Promise.all(Array.from({ length: count }, async () => new Till(await openConnection(server.url), server)));

export async function flatOut(tills: readonly Till[], grants: string[]): Promise<Run> {
  const run: Run = { times: [], errors: 0, ms: 0 };
  const began = performance.now();
  await Promise.all(
    tills.map(async (till) => {
      for (let grant = grants.pop(); grant !== undefined; grant = grants.pop()) await till.pair(grant, run);
    }),
  );
  return { ...run, ms: performance.now() - began };
}

/**
 * Pairs arrive on a clock, whether the ones before have been answered or not, and wait for a free connection: times run
 * from the arrival, so that a server which falls behind cannot hide it.
 */
export async function steadily(tills: readonly Till[], grants: string[], perS: number): Promise<Run> {
  const run: Run = { times: [], errors: 0, ms: 0 };
  const began = performance.now();
  const arrivalOf = (i: number): number => began + (i * 1000) / perS;
  let next = 0;
  const work = async (till: Till): Promise<void> => {
    for (let i = next++; i < grants.length; i = next++) {
      const wait = arrivalOf(i) - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const pair: Run = { times: [], errors: 0, ms: 0 };
      const late = Math.max(0, performance.now() - arrivalOf(i));
      await till.pair(grants[i]!, pair);
      // The claim waited for a connection; the redemption followed at once.
      run.times.push(...pair.times.map((time, step) => (step === 0 ? time + late : time)));
      run.errors += pair.errors;
    }
  };
  await Promise.all(tills.map(work));
  return { ...run, ms: performance.now() - began };
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = Float64Array.from(times).sort();
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2));
}
