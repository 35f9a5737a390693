import { describe, expect, it } from 'vitest';
import type { Manifest, SignedManifest } from '../../../shared/manifest.ts';
import { seeded } from '../../../shared/random.ts';
import { openCoupons } from '../../../trainer-server/coupons/coupons.ts';
import { spendAt } from '../../../trainer-server/policy/pacing.ts';
import { paceDue } from '../../../trainer-server/release/pace.ts';
import { publishBundle } from '../../../trainer-server/release/publish.ts';
import { NOW, type Signing, signing, smallBundle } from '../../helpers/served.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A decision spends 0.40 for free, half of it at a price of 1, nothing to speak of at 4. */
const CURVE = [0, 0.5, 1, 2, 3, 4].map((price) => ({ price, spend: 0.4 * 0.5 ** price }));
/** The release's secret. */
const SCALE = 2.5;
const PER_DAY = 2400;

const failed = (site: string, error: Error): never => {
  throw new Error(`${site}: ${error.message}`);
};

const basis = (curve: object = CURVE): Record<string, string> => ({
  'pacing.json': JSON.stringify({ curve, budgetScale: SCALE, decisionsPerDay: PER_DAY }),
});

const runningOf = ({ store }: Signing): Manifest =>
  (JSON.parse(store.releases.running('demo')!.manifest) as SignedManifest).signed;

const give = ({ store }: Signing, minor: number): void =>
  store.transaction(() => openCoupons(store).budgets.set('demo', 'spring', 'EUR', minor, NOW));

/**
 * A day of a shop that spends `busier` times what the log lets expect, the server paying no more than is left.
 * @returns what was spent, and the price of each hour, in the log's own unit
 */
function liveADay(own: Signing, busier: number, random = seeded('day')): { spent: number; prices: number[] } {
  const { ledger } = openCoupons(own.store);
  const prices: number[] = [];
  for (let hour = 0; hour < 24; hour++) {
    paceDue(own.store, own.key, NOW + hour * HOUR, failed, HOUR);
    const price = runningOf(own).budgetPrice * SCALE;
    prices.push(price);
    const luck = 0.8 + 0.4 * random.next();
    const wish = Math.round(100 * busier * luck * (PER_DAY / 24) * spendAt(CURVE, price));
    own.store.transaction(() => {
      const amount = Math.min(wish, ledger.budget('demo', 'spring')!.free);
      ledger.move({ site: 'demo', budget: 'spring', at: NOW, debit: 'free', credit: 'spent', amount });
    });
  }
  return { spent: ledger.budget('demo', 'spring')!.spent, prices };
}

describe('pacing while serving', () => {
  it.each([0.7, 1, 1.8])('makes the budget last the day where %s times as much is spent', async (busier) => {
    const own = signing();
    await publishBundle(await smallBundle('a', undefined, basis()), { ...own.options, paceUntil: NOW + DAY });
    give(own, 20_000);
    const { spent, prices } = liveADay(own, busier);
    // At no price it would have wanted 960.00, times as much as the shop is busier.
    expect(spent).toBeLessThanOrEqual(20_000);
    expect(spent).toBeGreaterThan(19_000);
    // Never shut and never free: the budget was spread over the day.
    expect(Math.max(...prices)).toBeLessThan(4);
    expect(Math.min(...prices)).toBeGreaterThan(1);
  });

  it('publishes the price on the secret scale, and nothing new where it hardly moves', async () => {
    const own = signing();
    await publishBundle(await smallBundle('a', undefined, basis()), { ...own.options, paceUntil: NOW + DAY });
    // 0.1 a decision: the price is 2.
    give(own, 100 * 0.1 * PER_DAY);
    expect(runningOf(own)).toMatchObject({ version: 1, budgetPrice: 0 });
    paceDue(own.store, own.key, NOW, failed, DAY);
    expect(runningOf(own).version).toBe(2);
    expect(runningOf(own).budgetPrice).toBeCloseTo(2 / SCALE, 6);
    expect(paceDue(own.store, own.key, NOW + HOUR, failed, DAY)).toEqual([]);
  });

  it('goes on at the price it had, and until when it was told, with the next release', async () => {
    const own = signing();
    await publishBundle(await smallBundle('a', undefined, basis()), { ...own.options, paceUntil: NOW + DAY });
    give(own, 100 * 0.1 * PER_DAY);
    paceDue(own.store, own.key, NOW, failed, HOUR);
    await publishBundle(await smallBundle('b', undefined, basis()), own.options);
    expect(runningOf(own).budgetPrice).toBeCloseTo(2 / SCALE, 6);
    expect(paceDue(own.store, own.key, NOW + 2 * DAY, failed, HOUR)).toEqual([]);
  });

  it('asks no price where nobody asked for a pace, and cannot pace what it knows nothing about', async () => {
    const own = signing();
    await publishBundle(await smallBundle('a', undefined, basis()), own.options);
    expect(paceDue(own.store, own.key, NOW, failed)).toEqual([]);
    expect(runningOf(own).budgetPrice).toBe(0);
    const plain = publishBundle(await smallBundle('b'), { ...own.options, paceUntil: NOW + DAY });
    await expect(plain).rejects.toThrow(/--pace-until/);
  });
});
