import { describe, expect, it } from 'vitest';
import { runsAt } from '../../../shared/promotions/schedule.ts';

describe('the schedule of a promotion', () => {
  const terms = { type: 'percentage', percent: 10 } as const;

  it('includes its start and excludes its end', () => {
    const promotion = { terms, schedule: { starts: 100, ends: 200 } };
    expect([99, 100, 199, 200].map((now) => runsAt(promotion, now))).toEqual([false, true, true, false]);
  });

  it('ends a flash sale at its own end, where that comes first', () => {
    const sale = { terms: { type: 'flash_sale', percent: 10, ends: 150 } as const, schedule: { ends: 200 } };
    expect([149, 150].map((now) => runsAt(sale, now))).toEqual([true, false]);
  });

  it('cannot be checked without a time and then forbids nothing', () => {
    expect(runsAt({ terms, schedule: { ends: 200 } }, undefined)).toBe(true);
  });
});
