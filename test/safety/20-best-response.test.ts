import { expect, it } from 'vitest';
import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import { basket, couponShop, SITE } from '../helpers/coupon-shop.ts';

const IDENTITIES = 7;
const CAP = 3;

const promotions = [2, 5, 9].map((amount) =>
  readPromotion(
    { id: `off-${amount}`, type: 'coupon', amount, exclusive_group: 'basket', caps: { per_shopper: CAP } },
    'EUR',
  ),
);

const faceOf = ({ terms }: Promotion): number => ('amount' in terms ? (terms.amount ?? 0) : 0);

/**
 * Wipes its storage for each session, and has a few accounts at the shop. For each it takes what is worth most and not yet
 * used up; when all is, it goes on trying.
 */
async function bestResponse(budget: number, sessions: number): Promise<{ loss: number; spent: number }> {
  const { coupons, clock, visit, store } = await couponShop(promotions, budget);
  const best = [...promotions].sort((left, right) => faceOf(right) - faceOf(left));
  const uses = new Map<string, number>();
  let loss = 0;
  const session = async (i: number): Promise<void> => {
    const customer = `bot-${i % IDENTITIES}`;
    const left = best.find(({ id }) => (uses.get(`${customer} ${id}`) ?? 0) < CAP) ?? best[0]!;
    uses.set(`${customer} ${left.id}`, (uses.get(`${customer} ${left.id}`) ?? 0) + 1);
    try {
      const { code } = await coupons.claim(SITE, { grant: await visit(), promotion: left.id }, clock.now);
      const asked = { order: `${i}`, codes: [code], customer, cart: basket(2_000) };
      const { answer } = await coupons.redeem(SITE, `${i}`, asked, clock.now);
      loss += answer.redemptions[0]!.amount;
    } catch (error) {
      if ((error as Error).name !== 'Refusal') throw error;
    }
  };
  for (let i = 0; i < sessions; i += 250) {
    await Promise.all(Array.from({ length: 250 }, (_, j) => session(i + j)));
    clock.now += 60_000;
  }
  await coupons.expire(clock.now + 3_600_000);
  expect(coupons.ledger.imbalances()).toEqual([]);
  const { spent } = coupons.ledger.budget(SITE, 'summer')!;
  store.close();
  return { loss, spent };
}

it('a best-response bot of 10,000 sessions stays under identities x cap x face value, of every promotion', async () => {
  const bound = promotions.reduce((sum, promotion) => sum + IDENTITIES * CAP * faceOf(promotion), 0);
  const { loss, spent } = await bestResponse(10_000_000, 10_000);
  expect(loss).toBe(spent);
  // It reaches the bound, and not a cent more: a weaker bot would prove nothing.
  expect(loss).toBe(bound);
});

it('and under the budget, where that is smaller', async () => {
  const { loss, spent } = await bestResponse(5_000, 1_000);
  expect(loss).toBe(spent);
  expect(loss).toBeLessThanOrEqual(5_000);
});
