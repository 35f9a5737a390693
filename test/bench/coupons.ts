/**
 * Claim and redeem through HTTP, against a server process with a database on this disk, both sharing the machine with
 * the load: as fast as it goes, and then at a steady 50 redemptions a second. Every answer was on the disk before.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { type CouponServer, startCouponServer } from '../helpers/coupon-server.ts';
import { basket, FIVE_OFF, SITE } from '../helpers/coupon-shop.ts';
import { type Connection, openConnection, type RawAnswer } from '../helpers/keep-alive.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

/** Requests under way at once: 32 shoppers and tills. */
const CONNECTIONS = 32;
const STEADY_PER_S = 50;
const BUDGET = 1e12;

interface Sizes {
  /** Pairs before the clock starts: the server's code gets warm. */
  warm: number;
  pairs: number;
  steadyS: number;
}

const sizesOf = ({ quick, full }: BenchOptions): Sizes =>
  quick
    ? { warm: 1_000, pairs: 4_000, steadyS: 5 }
    : { warm: 4_000, pairs: 20_000, steadyS: full ? 600 : 20 };

export const bench: Bench = {
  summary: 'coupons: claim + redeem through HTTP, durable: pairs a second, 99th percentile',
  async run(options) {
    const dir = mkdtempSync(join(tmpdir(), 'promo-edge-coupons-'));
    try {
      return await measure(dir, options);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

async function measure(dir: string, options: BenchOptions): Promise<Figures> {
  const { warm, pairs, steadyS } = sizesOf(options);
  const store = openStore(dir);
  const server = await startCouponServer(dir);
  try {
    const grants = await visits(store, warm + pairs + steadyS * STEADY_PER_S);
    const tills = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => new Till(await openConnection(server.url), server)),
    );
    const asFastAs = (n: number): Promise<Run> => flatOut(tills, grants.splice(0, n));
    await asFastAs(warm);
    const burst = await asFastAs(pairs);
    options.say(`${pairs} pairs over ${CONNECTIONS} connections: ${(burst.ms / 1000).toFixed(1)} s`);
    const steady = await steadily(tills, grants);
    options.say(`${STEADY_PER_S} pairs a second for ${steadyS} s`);
    for (const till of tills) till.close();
    const done = warm + pairs + steadyS * STEADY_PER_S - burst.errors - steady.errors;
    return {
      pairs_per_s: Math.round((pairs - burst.errors) / (burst.ms / 1000)),
      p99_ms: percentile(burst.times, 0.99),
      p50_ms: percentile(burst.times, 0.5),
      errors: burst.errors + steady.errors,
      steady_seconds: steadyS,
      steady_p99_ms: percentile(steady.times, 0.99),
      unbalanced: openCoupons(store).ledger.imbalances().length + (spent(store) === done * 500 ? 0 : 1),
    };
  } finally {
    await server.stop();
    store.close();
  }
}

const spent = (store: Store): number => openCoupons(store).ledger.budget(SITE, 'summer')!.spent;

/** Grants of new visits. They are signed here, with the server's key: granting is no part of the pair. */
async function visits(store: Store, count: number): Promise<string[]> {
  const coupons = openCoupons(store, { newSidsPerSite: Number.MAX_SAFE_INTEGER });
  const now = Date.now();
  store.transaction(() => coupons.budgets.set(SITE, 'summer', 'EUR', BUDGET, now));
  coupons.offer(SITE, FIVE_OFF, { budget: 'summer' });
  const granting = Array.from({ length: count }, () => coupons.grant(SITE, {}, undefined, now));
  return (await Promise.all(granting)).map(({ token }) => token);
}

interface Run {
  /** Of each request, ms. */
  times: number[];
  errors: number;
  ms: number;
}

/** A shopper who claims, and the till where they pay, over one connection each way. */
class Till {
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

async function flatOut(tills: readonly Till[], grants: string[]): Promise<Run> {
  const run: Run = { times: [], errors: 0, ms: 0 };
  const began = performance.now();
  await Promise.all(
    tills.map(async (till) => {
      for (let grant = grants.pop(); grant !== undefined; grant = grants.pop()) await till.pair(grant, run);
    }),
  );
  return { ...run, ms: performance.now() - began };
}

/** On a clock, whether the last ones have been answered or not: a slow server gets no rest. */
async function steadily(tills: readonly Till[], grants: string[]): Promise<Run> {
  const run: Run = { times: [], errors: 0, ms: 0 };
  const began = performance.now();
  const idle = [...tills];
  const under: Promise<void>[] = [];
  for (let i = 0; grants.length > 0; i++) {
    const wait = began + (i * 1000) / STEADY_PER_S - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const grant = grants.pop()!;
    const till = idle.pop();
    // Thirty-two at once are under way: at 50 a second that is more than half a second behind.
    if (till === undefined) run.errors++;
    else under.push(till.pair(grant, run).then(() => void idle.push(till)));
  }
  await Promise.all(under);
  return { ...run, ms: performance.now() - began };
}

function percentile(times: readonly number[], share: number): number {
  const sorted = Float64Array.from(times).sort();
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2));
}
