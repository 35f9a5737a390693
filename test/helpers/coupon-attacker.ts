/**
 * One process of many that attack one budget: `tsx coupon-attacker.ts DIR NAME` says that it is ready, waits for a line
 * on standard input, then claims and redeems over a connection of its own until nothing is left, and prints what was
 * acknowledged.
 */

import { once } from 'node:events';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore, type Store } from '../../trainer-server/store/store.ts';
import { basket, FIVE_OFF, SITE } from './coupon-shop.ts';

const AT_ONCE = 16;

interface Taken {
  redemptions: number;
  amount: number;
}

async function attack(store: Store, name: string): Promise<Taken> {
  const coupons = openCoupons(store, { newSidsPerSite: Number.MAX_SAFE_INTEGER });
  const now = Date.now();
  const taken: Taken = { redemptions: 0, amount: 0 };
  let orders = 0;
  let going = true;
  const bot = async (): Promise<void> => {
    while (going) {
      try {
        const { token } = await coupons.grant(SITE, {}, undefined, now);
        const { code } = await coupons.claim(SITE, { grant: token, promotion: FIVE_OFF.id }, now);
        const order = `${name}-${++orders}`;
        const { answer } = await coupons.redeem(
          SITE,
          order,
          { order, codes: [code], cart: basket(4_000) },
          now,
        );
        taken.redemptions++;
        taken.amount += answer.redemptions[0]!.amount;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'budget-exhausted') going = false;
        // Another process writes: the same again, as a bot would.
        else if (!code?.startsWith('SQLITE_BUSY')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, bot));
  return taken;
}

const [dir, name] = process.argv.slice(2);
const store = openStore(dir!);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
process.stdout.write(`${JSON.stringify(await attack(store, name!))}\n`);
store.close();
