import { describe, expect, it } from 'vitest';
import { bestOf, firstOf } from '../../../demo-shop/qa/persona-moments.ts';

const asked = (values: Record<string, number>, taken: Record<string, number> = {}) => ({
  values,
  budget: { taken },
});

describe('what a release thinks best for a persona', () => {
  it('is the promotion of the highest mean over its decisions, against showing nothing', () => {
    const best = bestOf([asked({ none: 1, tea: 4, ship: 2 }), asked({ none: 2, tea: 1, ship: 4 })]);
    // Means: none 1.5, tea 2.5, ship 3.
    expect(best).toEqual({ best: 'ship', lead: 1.5 });
  });

  it('counts what scarcity of budget takes off', () => {
    expect(bestOf([asked({ none: 1, tea: 4, ship: 3 }, { tea: 2 })])).toEqual({ best: 'ship', lead: 2 });
  });

  it('compares only what every decision could have shown', () => {
    expect(bestOf([asked({ none: 1, tea: 9 }), asked({ none: 1 })])).toEqual({ best: 'none', lead: 0 });
    expect(bestOf([])).toBeUndefined();
  });
});

describe('what comes first in a shop’s first weeks', () => {
  it('is what the shop’s own order most often puts there', () => {
    const asked = (best: string) => ({ budget: { best } });
    expect(firstOf([asked('tea'), asked('ship'), asked('ship')])).toEqual({ best: 'ship' });
    expect(firstOf([])).toBeUndefined();
  });
});
