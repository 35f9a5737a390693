/** The basket a shopper has in mind. */

import type { Random } from '../../shared/random.ts';
import { type Calibration, drawFrom, MAX_LINES } from './calibrate.ts';
import { type Catalogue, drawFromGroup } from './catalogue.ts';
import type { Shopper } from './hidden.ts';

/** Money in minor units. */
export interface Plan {
  rows: number[];
  units: number[];
  value: number;
  cost: number;
  /** One more product of the same taste, with which a basket is filled up to a minimum. */
  spare: number;
}

/** Share of further lines that are taken from what is bought together, where the events tell. */
const COMPLEMENT_SHARE = 0.6;
/** Share of the rest that stays in the session's group. */
const SAME_GROUP_SHARE = 0.75;

/** A basket around `group`, as long as real ones are, of products that are bought together. */
export function drawPlan(
  catalogue: Catalogue,
  calibration: Calibration,
  shopper: Pick<Shopper, 'tastes' | 'thrift'>,
  group: number,
  random: Random,
): Plan {
  const wanted = Math.min(drawFrom(calibration.basketLines, random), catalogue.products.length, MAX_LINES);
  const rows: number[] = [];
  const taken = new Set<number>();
  // A basket as large as the catalogue would be hard to complete by drawing: what does not come stays out.
  for (let tries = 0; rows.length < wanted && tries < 6 * wanted; tries++) {
    const row = nextRow(catalogue, shopper, rows, group, random);
    if (taken.has(row)) continue;
    taken.add(row);
    rows.push(row);
  }
  const units = rows.map(() => drawFrom(calibration.quantities, random));
  return planOf(
    catalogue,
    rows,
    units,
    drawFromGroup(catalogue, group, Math.max(0, shopper.thrift), 0, random),
  );
}

/** A plan of given lines. */
export function planOf(catalogue: Catalogue, rows: number[], units: number[], spare: number): Plan {
  let value = 0;
  let cost = 0;
  for (let i = 0; i < rows.length; i++) {
    value += catalogue.price[rows[i]!]! * units[i]!;
    cost += catalogue.cost[rows[i]!]! * units[i]!;
  }
  return { rows, units, value, cost, spare };
}

/** A group by the shopper's taste. */
export function drawGroup(shopper: Pick<Shopper, 'tastes'>, random: Random): number {
  let left = random.next();
  for (const { group, weight } of shopper.tastes) {
    left -= weight;
    if (left < 0) return group;
  }
  return shopper.tastes[0]!.group;
}

function nextRow(
  catalogue: Catalogue,
  shopper: Pick<Shopper, 'tastes' | 'thrift'>,
  rows: readonly number[],
  group: number,
  random: Random,
): number {
  if (rows.length > 0 && random.next() < COMPLEMENT_SHARE) {
    const near = catalogue.neighbours[rows[random.int(rows.length)]!];
    if (near !== undefined) return near[random.int(near.length)]!;
  }
  const from = random.next() < SAME_GROUP_SHARE ? group : drawGroup(shopper, random);
  return drawFromGroup(catalogue, from, shopper.thrift, 0, random);
}
