/**
 * Claim and redeem through HTTP, against a server process with a database on this disk, both sharing the machine with
 * the load: as fast as it goes, and then at a steady 50 redemptions a second. Every answer was on the disk before.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { flatOut, openTills, percentile, type Run, steadily, visits } from '../helpers/coupon-load.ts';
import { type CouponServer, startCouponServer } from '../helpers/coupon-server.ts';
import { SITE } from '../helpers/coupon-shop.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

/** Requests under way at once: 32 shoppers and tills. */
const CONNECTIONS = 32;
const STEADY_PER_S = 50;

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
    const tills = await openTills(server, CONNECTIONS);
    const asFastAs = (n: number): Promise<Run> => flatOut(tills, grants.splice(0, n));
    await asFastAs(warm);
    const [serverBefore, loadBefore] = [cpuOf(server), process.cpuUsage()];
    const burst = await asFastAs(pairs);
    const serverCpu = cpuOf(server) - serverBefore;
    const { user, system } = process.cpuUsage(loadBefore);
    options.say(`${pairs} pairs over ${CONNECTIONS} connections: ${(burst.ms / 1000).toFixed(1)} s`);
    const steady = await steadily(tills, grants, STEADY_PER_S);
    options.say(`${STEADY_PER_S} pairs a second for ${steadyS} s`);
    for (const till of tills) till.close();
    const done = warm + pairs + steadyS * STEADY_PER_S - burst.errors - steady.errors;
    return {
      pairs_per_s: Math.round((pairs - burst.errors) / (burst.ms / 1000)),
      p99_ms: percentile(burst.times, 0.99),
      p50_ms: percentile(burst.times, 0.5),
      errors: burst.errors + steady.errors,
      server_cpu_us_per_pair: Math.round(serverCpu / pairs),
      load_cpu_us_per_pair: Math.round((user + system) / pairs),
      steady_seconds: steadyS,
      steady_p99_ms: percentile(steady.times, 0.99),
      unbalanced: openCoupons(store).ledger.imbalances().length + (spent(store) === done * 500 ? 0 : 1),
    };
  } finally {
    await server.stop();
    store.close();
  }
}

/** Microseconds of processor time, in steps of 10 ms; 0 where there is no /proc. Does not depend on who else is here. */
function cpuOf({ process: { pid } }: CouponServer): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  // After the name in brackets; utime and stime are fields 14 and 15. Source: proc(5)
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const spent = (store: Store): number => openCoupons(store).ledger.budget(SITE, 'summer')!.spent;
