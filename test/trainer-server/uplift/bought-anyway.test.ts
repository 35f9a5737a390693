import { describe, expect, it } from 'vitest';
import { boughtAnyway } from '../../../trainer-server/uplift/bought-anyway.ts';

describe('buyers who would have bought anyway', () => {
  it('lie between the bounds of Tian and Pearl', () => {
    // Both answers yes: at least .6 + .5 - 1 = .1 of all, at most .5; of the .6 who buy.
    const { low, high } = boughtAnyway(0.6, 0.5);
    expect(low).toBeCloseTo(1 / 6, 12);
    expect(high).toBeCloseTo(5 / 6, 12);
  });

  it('may be all of them where the offer changes nothing', () => {
    expect(boughtAnyway(0.02, 0.02)).toEqual({ offered: 0.02, withheld: 0.02, low: 0, high: 1 });
  });

  it('are nobody where nobody buys without the offer', () => {
    expect(boughtAnyway(0.3, 0)).toMatchObject({ low: 0, high: 0 });
  });

  it('stay between 0 and 1 where noise puts an estimate outside', () => {
    expect(boughtAnyway(-0.01, 1.02)).toMatchObject({ offered: 0, withheld: 1, low: 0, high: 1 });
  });
});
