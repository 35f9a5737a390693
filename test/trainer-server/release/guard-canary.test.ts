import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../../shared/feedback.ts';
import { seeded } from '../../../shared/random.ts';
import { liveEvidenceOf } from '../../../trainer-server/feedback/live-evidence.ts';
import { withdrawLosing } from '../../../trainer-server/release/guard-canary.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { signedOf } from '../../../trainer-server/release/stable.ts';
import { NOW, type Signing, signing, smallBundle } from '../../helpers/served.ts';

const HOUR = 3_600_000;
const LATER = NOW + 2 * HOUR;
const [STABLE, CANARY] = [1, 2];

const failed = (site: string, error: Error): never => {
  throw new Error(`${site}: ${error.message}`);
};

async function withCanary(): Promise<Signing> {
  const own = signing();
  await publishBundle(await smallBundle('stable'), own.options);
  await publishBundle(await smallBundle('canary'), { ...own.options, canaryShare: 0.5 });
  return own;
}

const runningOf = ({ store }: Signing) => signedOf(store.releases.running('demo')!);

/** A decision of a visitor, and an order of 20.00 where it is followed by one. */
function trajectory(id: string, visitor: string, release: number, ts: number, bought?: number): Trajectory {
  const order = { name: 'purchase', ts: bought, items: [{ sku: 'A', price: 20 }] };
  return {
    ...{ id, ts, visitor, release, history: [], eligible: ['none'], action: 'none', propensity: 1 },
    ...{ featureVersion: 1, seed: 's', tier: 'kernels', exposed: false },
    after: bought === undefined ? [] : [order],
  };
}

function send({ store }: Signing, line: Trajectory, received = line.ts): void {
  store.trajectories.append('demo', { id: line.id, received, body: JSON.stringify(line) });
}

/** @param rates of visitors who buy, with the stable release and with the canary */
function visits(own: Signing, rates: readonly [number, number], visitors: number, seed: string): void {
  const random = seeded(seed);
  own.store.transaction(() => {
    for (let i = 0; i < visitors; i++) {
      const bought = random.next() < rates[i % 2]! ? LATER + 60_000 : undefined;
      send(own, trajectory(`${seed}-${i}`, `${seed}-${i}`, i % 2 === 0 ? STABLE : CANARY, LATER + i, bought));
    }
  });
}

describe('a canary while serving', () => {
  it('is withdrawn where its visitors surely earn less, and the log says why', async () => {
    const own = await withCanary();
    visits(own, [0.4, 0.2], 1000, 'losing');
    const [withdrawn] = withdrawLosing(own.store, own.key, LATER, failed);
    expect(withdrawn!.reasons[0]).toMatch(/earns less than the release before/);
    const stable = signedOf(own.store.releases.find('demo', STABLE)!);
    expect(runningOf(own)).toMatchObject({ version: 3, canaryShare: 1, files: stable.files });
    expect(own.store.audit.list('demo')[0]).toMatchObject({
      who: 'live evidence',
      action: 'canary-lost',
      detail: { withdrawn: CANARY, release: 3 },
    });
    expect(withdrawLosing(own.store, own.key, LATER, failed)).toEqual([]);
  });

  it('goes on where it earns as much, however often one looks, and its renewals count as itself', async () => {
    const own = await withCanary();
    for (let look = 0; look < 10; look++) {
      visits(own, [0.3, 0.3], 200, `look ${look}`);
      expect(withdrawLosing(own.store, own.key, LATER, failed)).toEqual([]);
    }
    republish({ action: 'renew' }, { ...own.options, now: LATER });
    const { live } = liveEvidenceOf(own.store, own.store.releases.running('demo')!)!;
    expect(live.decisions).toBe(1000);
    expect(live.lift!.visitors).toBe(1000);
  });

  it('is judged by what followed, each order once, and not by what devices decided before they had it', async () => {
    const own = await withCanary();
    for (let i = 0; i < 120; i++) {
      const [visitor, release] = [`v${i}`, i % 2 === 0 ? STABLE : CANARY];
      const bought = i % 4 < 2 ? LATER + 90_000 : undefined;
      // The order is in both: decided twice, bought once.
      send(own, trajectory(`${visitor}-a`, visitor, release, LATER, bought));
      send(own, trajectory(`${visitor}-b`, visitor, release, LATER + 60_000, bought));
      send(own, trajectory(`${visitor}-early`, visitor, STABLE, NOW + HOUR / 2, NOW + HOUR / 2 + 1), LATER);
    }
    const { live, doubts } = liveEvidenceOf(own.store, own.store.releases.running('demo')!)!;
    expect(doubts).toEqual([]);
    expect(live.decisions).toBe(120);
    // Half of each sixty buy once, for 20.00.
    expect(live.lift).toMatchObject({ visitors: 60, controlMean: 10, value: 0 });
  });

  it('is left alone where everyone has it, or it is switched off', async () => {
    const own = await withCanary();
    visits(own, [0.4, 0.2], 1000, 'losing');
    republish({ action: 'off' }, own.options);
    expect(withdrawLosing(own.store, own.key, LATER, failed)).toEqual([]);
    const alone = signing();
    await publishBundle(await smallBundle('stable'), alone.options);
    expect(withdrawLosing(alone.store, alone.key, LATER, failed)).toEqual([]);
  });
});
