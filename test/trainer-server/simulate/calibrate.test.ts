import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { seeded } from '../../../shared/random.ts';
import { calibrate } from '../../../trainer-server/simulate/calibrate.ts';
import { createWorld, fixedPolicy, runWorld } from '../../../trainer-server/simulate/index.ts';
import { SYNTHETIC_SHOP, syntheticCatalogue } from '../../helpers/synthetic-catalogue.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 2, 3);

/** Baskets of 2 to 6 lines at nine in the morning, every tenth day, one order in ten returned. */
function realEvents(): BehaviourEvent[] {
  const random = seeded('real events');
  const products = syntheticCatalogue();
  const events: BehaviourEvent[] = [];
  for (let visitor = 0; visitor < 300; visitor++) {
    const orders = 1 + random.int(3);
    for (let order = 0; order < orders; order++) {
      const ts = START + (10 * order + random.int(5)) * DAY_MS + 9 * 3_600_000 + random.int(3_600_000);
      // Products 0 and 1 always go together.
      const rows = new Set([0, 1]);
      const lines = 2 + random.int(5);
      while (rows.size < lines) rows.add(random.int(60));
      const items = [...rows].map((row) => ({
        sku: products[row]!.sku,
        quantity: 1 + random.int(3),
        price: products[row]!.price!,
      }));
      const visit = { visitor: `r${visitor}`, ts, items };
      events.push({ ...visit, name: 'purchase' });
      if (random.next() < 0.1) events.push({ ...visit, ts: ts + 60_000, name: 'refund' });
    }
  }
  return events;
}

describe('calibration', () => {
  const events = realEvents();
  const calibration = calibrate(events);

  it('reads basket lengths, returns, hours and gaps off the events', () => {
    expect(Math.min(...calibration.basketLines)).toBe(2);
    expect(Math.max(...calibration.basketLines)).toBe(6);
    expect(calibration.hours[9]! / calibration.hours.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(
      0.95,
    );
    expect(calibration.refundShare).toBeCloseTo(
      events.filter(({ name }) => name === 'refund').length / calibration.basketLines.length,
      10,
    );
    expect(Math.min(...calibration.gapsMs)).toBeGreaterThan(5 * DAY_MS);
    expect(calibration.lastTs).toBe(Math.max(...events.map(({ ts }) => ts!)));
  });

  it('finds what is bought together', () => {
    expect(calibration.neighbours.get('p1')![0]).toBe('p2');
    expect(calibration.neighbours.get('p2')![0]).toBe('p1');
  });

  it('keeps sensible defaults where the events show nothing', () => {
    const empty = calibrate([]);
    expect(empty.lastTs).toBeUndefined();
    expect(empty.refundShare).toBeUndefined();
    expect(empty.hours).toHaveLength(24);
    expect(Math.min(...empty.basketLines)).toBeGreaterThan(0);
  });

  it('makes simulated baskets as long as the real ones, at the real hour, after the real log', async () => {
    const world = createWorld({
      name: 'stationary',
      products: syntheticCatalogue(),
      promotions: [],
      shop: SYNTHETIC_SHOP,
      events,
      seed: 2,
    });
    const run = await runWorld(world, fixedPolicy('none'), { decisions: 4000, seed: 2 });
    const lines = run.events.flatMap(({ name, items }) => (name === 'purchase' ? [items!.length] : []));
    expect(lines.length).toBeGreaterThan(200);
    for (let length = 2; length <= 6; length++) {
      const real =
        calibration.basketLines.filter((n) => n === length).length / calibration.basketLines.length;
      const simulated = lines.filter((n) => n === length).length / lines.length;
      // Four binomial standard errors, and two points for what buying selects.
      const error = Math.sqrt((real * (1 - real)) / lines.length);
      expect(Math.abs(simulated - real), `baskets of ${length}`).toBeLessThan(4 * error + 0.02);
    }
    const together = run.events.filter(({ name, items }) => {
      const skus = items?.map(({ sku }) => sku) ?? [];
      return name === 'purchase' && skus.includes('p1') && skus.includes('p2');
    });
    const withOne = run.events.filter(
      ({ name, items }) => name === 'purchase' && items!.some(({ sku }) => sku === 'p1'),
    );
    expect(together.length / withOne.length).toBeGreaterThan(0.3);
    expect(run.decisions[0]!.ts!).toBeGreaterThan(calibration.lastTs!);
    const atNine = run.decisions.filter(({ ts }) => new Date(ts!).getUTCHours() === 9).length;
    expect(atNine / run.decisions.length).toBeGreaterThan(0.5);
  });
});
