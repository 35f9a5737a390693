import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_NAMES, readEvent } from '../../shared/event.ts';
import { eventLine } from '../../shared/feedback.ts';

const minor = fc.integer({ min: 0, max: 1_000_000 });

const event = fc.record(
  {
    visitor: fc.constant('v'),
    ts: fc.nat(),
    name: fc.constantFrom(...EVENT_NAMES),
    sku: fc.string({ minLength: 1 }),
    query: fc.string(),
    value: minor,
    dwellMs: fc.nat(),
    items: fc.array(
      fc.record(
        { sku: fc.string({ minLength: 1 }), quantity: fc.nat(), price: minor },
        { requiredKeys: ['sku', 'quantity'] },
      ),
    ),
  },
  { requiredKeys: ['visitor', 'name'] },
);

describe('eventLine', () => {
  it('writes what readEvent reads back, whatever the currency', () => {
    fc.assert(
      fc.property(event, fc.constantFrom('EUR', 'JPY', 'KWD'), (original, currency) => {
        expect(readEvent(eventLine(original, currency), currency, 'v')).toEqual(original);
      }),
    );
  });

  it('writes amounts in major units and no visitor', () => {
    const line = eventLine({ visitor: 'v', name: 'purchase', value: 1999, dwellMs: 5 }, 'EUR');
    expect(line).toEqual({ name: 'purchase', value: 19.99, dwell_ms: 5 });
  });
});
