import { describe, expect, it } from 'vitest';
import type { VisitReport } from '../../../demo-shop/qa/seat.ts';
import { sharesByRelease, tallyOf } from '../../../demo-shop/qa/tally.ts';

const decided = (action: string, release: number, ms: number, source = 'policy') => ({
  ...{ slot: 'home', action, release, ms, source, propensity: 0.5 },
});

const VISITS: VisitReport[] = [
  {
    ...{
      persona: 'tea-lover',
      looked: ['pot', 'cup'],
      offers: [],
      taken: 1,
      returned: false,
      events: 9,
      sent: 2,
      kept: [],
    },
    decisions: [decided('tea-15', 1, 3), decided('none', 1, 1), decided('none', 1, 9, 'default')],
    claims: [{ promotion: 'eight-off-35' }, { promotion: 'garden-12', refused: 'group-taken' }],
    paid: 2_000,
  },
  {
    ...{
      persona: 'gift-buyer',
      looked: ['candle'],
      offers: [],
      taken: 0,
      returned: true,
      events: 4,
      sent: 1,
      kept: [],
    },
    decisions: [decided('none', 2, 2)],
    claims: [],
    paid: 500,
  },
];

describe('what the visits came to', () => {
  it('adds up visits, those that go on included; what devices kept and sent is known when they are over', () => {
    const here = {
      ...{ decisions: [decided('tea-15', 2, 5)], claims: [], looked: ['lamp'], returned: false },
      paid: 700,
    };
    expect(tallyOf(VISITS, [here])).toEqual({
      ...{ visits: 3, looks: 4, events: 13, decisions: 4, shown: 2, medianMs: 3, claimed: 1 },
      ...{ refused: { 'group-taken': 1 }, orders: 3, revenue: 3_200, returned: 1, sent: 3 },
    });
  });

  it('says nothing of times before there was a decision', () => {
    expect(tallyOf([]).medianMs).toBeUndefined();
  });

  it('shares out what was shown by release, defaults left out', () => {
    expect(sharesByRelease(VISITS)).toEqual([
      { release: 1, decisions: 2, share: { 'tea-15': 0.5, none: 0.5 } },
      { release: 2, decisions: 1, share: { none: 1 } },
    ]);
  });
});
