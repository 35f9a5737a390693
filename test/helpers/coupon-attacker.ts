/**
 * One process of many that attack the same budgets: `tsx coupon-attacker.ts DIR NUMBER` says that it is ready, waits for a
 * line on standard input, then claims and redeems over a connection and by a clock of its own until nothing is left, and
 * prints what was acknowledged.
 */

import { once } from 'node:events';
import { type Coupons, openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { CLOCK_STEP_MS, PRIZES, type Prize, type Taken } from './coupon-race.ts';
import { basket, SITE } from './coupon-shop.ts';

const AT_ONCE = 16;

class Attacker {
  readonly taken: Taken = { redemptions: 0, amounts: {} };
  #orders = 0;
  #left = new Set(PRIZES);
  constructor(
    readonly coupons: Coupons,
    readonly name: string,
    readonly now: number,
  ) {}

  /** Each bot takes the prizes in turn, until all are gone. */
  async bot(): Promise<void> {
    for (let turn = 0; this.#left.size > 0; turn++) {
      const prize = PRIZES[turn % PRIZES.length]!;
      if (this.#left.has(prize)) await this.#take(prize);
    }
  }

  async #take(prize: Prize): Promise<void> {
    const { coupons, now, taken } = this;
    try {
      const { token } = await coupons.grant(SITE, {}, undefined, now);
      const { code } = await coupons.claim(SITE, { grant: token, promotion: prize.promotion.id }, now);
      const order = `${this.name}-${++this.#orders}`;
      const asked = { order, codes: [code], cart: basket(4_000, prize.currency) };
      const { answer } = await coupons.redeem(SITE, order, asked, now);
      taken.redemptions++;
      taken.amounts[prize.budget] = (taken.amounts[prize.budget] ?? 0) + answer.redemptions[0]!.amount;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'budget-exhausted') this.#left.delete(prize);
      // Another process writes: the same again, as a bot would.
      else if (!code?.startsWith('SQLITE_BUSY')) throw error;
    }
  }
}

const [dir, number] = process.argv.slice(2);
const store = openStore(dir!);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
const coupons = openCoupons(store, { newSidsPerSite: Number.MAX_SAFE_INTEGER });
const attacker = new Attacker(coupons, number!, Date.now() + Number(number) * CLOCK_STEP_MS);
await Promise.all(Array.from({ length: AT_ONCE }, () => attacker.bot()));
process.stdout.write(`${JSON.stringify(attacker.taken)}\n`);
store.close();
