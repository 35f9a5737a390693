import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { seeded } from '../../../shared/random.ts';
import { BARGAIN } from '../../../trainer-server/simulate/hidden.ts';
import {
  fixedPolicy,
  type RunResult,
  runWorld,
  WORLD_NAMES,
} from '../../../trainer-server/simulate/index.ts';
import { isPeak } from '../../../trainer-server/simulate/response.ts';
import { drawShopper } from '../../../trainer-server/simulate/shoppers.ts';
import { worldParameters } from '../../../trainer-server/simulate/worlds.ts';
import { worldWith } from '../../helpers/simulated-shopper.ts';

const DAY_MS = 86_400_000;

/** Mean true reward of showing nothing, from a visitor's third session on. */
function lateFullPrice({ decisions, expected }: RunResult): number {
  const late = decisions.flatMap(({ session }, i) =>
    Number(session!.split('-')[1]) >= 3 ? [expected[i]![0]!] : [],
  );
  expect(late.length).toBeGreaterThan(300);
  return late.reduce((sum, reward) => sum + reward, 0) / late.length;
}

describe('named worlds', () => {
  it('are six at least, each with twins that differ a little', () => {
    expect(WORLD_NAMES.length).toBeGreaterThanOrEqual(6);
    for (const name of WORLD_NAMES) {
      const own = worldParameters(name);
      const twin = worldParameters(`${name}~1`);
      expect(twin).not.toEqual(own);
      expect(worldParameters(`${name}~1`)).toEqual(twin);
      expect(worldParameters(`${name}~2`)).not.toEqual(twin);
      const ratio = twin.priceElasticity / own.priceElasticity;
      expect(ratio).toBeGreaterThan(0.3);
      expect(ratio).toBeLessThan(3);
      expect(twin.motiveShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  it('are named in the error where one is unknown', () => {
    expect(() => worldParameters('mars')).toThrow(/stationary.*found mars/);
    expect(() => worldParameters('stationary~x')).toThrow(BadInput);
  });
});

describe('discount-trained shoppers', () => {
  it('buy less at full price after weeks of discounts; stationary ones hardly notice', async () => {
    const kept: Record<string, number> = {};
    for (const name of ['discount-trained', 'stationary']) {
      const world = worldWith({}, [], name);
      const run = (promotion: string) =>
        runWorld(world, fixedPolicy(promotion), { decisions: 2500, seed: 1 });
      kept[name] = lateFullPrice(await run('percent-20')) / lateFullPrice(await run('none'));
    }
    expect(kept['discount-trained']).toBeLessThan(0.6);
    expect(kept.stationary).toBeGreaterThan(0.9);
  });
});

describe('seasonal shoppers', () => {
  it('have their peaks at weekends and the end of a month', () => {
    const at = (day: number) => isPeak(Date.UTC(2026, 0, day, 12));
    expect([4, 5, 6, 7, 8, 9, 10, 11, 12].map(at)).toEqual(
      // Sunday the 4th, Monday to Thursday, Friday the 9th to Sunday, Monday.
      [true, false, false, false, false, true, true, true, false],
    );
    expect([26, 27, 28, 31].map(at)).toEqual([false, true, true, true]);
  });

  it('earn more at peaks without any promotion', async () => {
    const { decisions, expected } = await runWorld(worldWith({}, [], 'seasonal'), fixedPolicy('none'), {
      decisions: 2500,
      seed: 1,
    });
    const mean = (peak: boolean): number => {
      const own = decisions.flatMap(({ ts }, i) => (isPeak(ts!) === peak ? [expected[i]![0]!] : []));
      return own.reduce((sum, reward) => sum + reward, 0) / own.length;
    };
    expect(mean(true)).toBeGreaterThan(1.8 * mean(false));
  });
});

describe('drifting shoppers', () => {
  it('are bargain hunters in one season and not in the other; stationary ones stay the same', () => {
    const share = (name: string, day: number): number => {
      const world = worldWith({}, [], name);
      const random = seeded(`drift ${day}`);
      const shoppers = Array.from({ length: 600 }, () =>
        drawShopper(world, 'v', world.startTs + day * DAY_MS, random),
      );
      return shoppers.filter(({ motives }) => motives[BARGAIN]! > 0.8).length / shoppers.length;
    };
    expect(share('drifting', 0)).toBeGreaterThan(2 * share('drifting', 60));
    expect(Math.abs(share('stationary', 0) - share('stationary', 60))).toBeLessThan(0.1);
  });

  it('can be met later in the calendar', async () => {
    const world = worldWith({}, [], 'drifting');
    const late = await runWorld(world, fixedPolicy('none'), {
      decisions: 50,
      seed: 1,
      fromDay: 200,
      days: 10,
    });
    for (const { ts } of late.decisions) expect(ts!).toBeGreaterThanOrEqual(world.startTs + 200 * DAY_MS);
  });
});
