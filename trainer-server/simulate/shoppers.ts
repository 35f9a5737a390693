/** Draws shoppers. */

import type { Random } from '../../shared/random.ts';
import { drawAttributes } from './attributes.ts';
import { searchCumulative } from './catalogue.ts';
import { BARGAIN, MOTIVES, RESOLUTE, type Shopper } from './hidden.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;
/** Groups a shopper cares for, and how fast the care falls from the first to the next. */
const TASTE_GROUPS = 3;
const TASTE_DECAY = 0.4;

/** A shopper who arrives at `ts` (which matters where the mix of motives drifts). */
export function drawShopper(world: World, visitor: string, ts: number, random: Random): Shopper {
  const motives = drawMotives(world, ts, random);
  const thrift = 2.5 * motives[BARGAIN]! - 1.2 * motives[RESOLUTE]! + 0.5 * random.normal();
  return {
    visitor,
    motives,
    tastes: drawTastes(world, random),
    thrift,
    lineBudget:
      world.catalogue.typicalPrice * Math.exp(0.7 - 0.3 * motives[BARGAIN]! + 0.4 * random.normal()),
    inclination: 0.3 * random.normal(),
    filling: random.next(),
    devotion: 2 * random.next(),
    attributes: drawAttributes(world.shop, motives, random),
  };
}

function drawMotives(world: World, ts: number, random: Random): Float64Array {
  const { motiveShares, motiveFocus } = world.parameters;
  const shares = driftedShares(world, ts);
  let left = random.next();
  let leading = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  if (leading < 0) leading = motiveShares.length - 1;
  const rest = MOTIVES.map(() => -Math.log(1 - random.next()));
  const total = rest.reduce((sum, part) => sum + part, 0);
  return Float64Array.from(
    MOTIVES,
    (_, k) => (k === leading ? motiveFocus : 0) + ((1 - motiveFocus) * rest[k]!) / total,
  );
}

/** Each motive has its season; the sum stays one. */
function driftedShares({ parameters, startTs }: World, ts: number): number[] {
  const { motiveShares, driftPeriodDays } = parameters;
  if (driftPeriodDays === 0) return [...motiveShares];
  const turn = (2 * Math.PI * (ts - startTs)) / (driftPeriodDays * DAY_MS);
  const shares = motiveShares.map(
    (share, k) => share * Math.exp(1.2 * Math.cos(turn - (2 * Math.PI * k) / motiveShares.length)),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function drawTastes({ catalogue }: World, random: Random): Shopper['tastes'] {
  let sum = 0;
  const cumulative = catalogue.groupAppeal.map((appeal) => {
    // Flattened, so that one large category does not leave all shoppers alike.
    sum += appeal ** 0.7;
    return sum;
  });
  const groups = new Set<number>();
  for (let tries = 0; tries < 12 && groups.size < TASTE_GROUPS; tries++)
    groups.add(searchCumulative(cumulative, random.next() * sum));
  const weights = [...groups].map((_, k) => TASTE_DECAY ** k);
  const total = weights.reduce((all, weight) => all + weight, 0);
  return [...groups].map((group, k) => ({ group, weight: weights[k]! / total }));
}
