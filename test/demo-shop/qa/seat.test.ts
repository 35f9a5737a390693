import { describe, expect, it } from 'vitest';
import { type Part, partOf, seatAddress, seatOf } from '../../../demo-shop/qa/seat.ts';

const PART: Part = { persona: 'gift-buyer', pace: 'fast', seed: 7, shares: true };

describe('a seat’s address', () => {
  it('says who walks through it, and is an origin of its own', () => {
    const address = new URL(seatAddress({ protocol: 'http:', port: '5173' }, 3, PART));
    expect(address.host).toBe('fast-3.localhost:5173');
    expect(partOf(address)).toEqual(PART);
    expect(
      partOf(new URL(seatAddress({ protocol: 'http:', port: '' }, 3, { ...PART, shares: false }))),
    ).toEqual({
      ...PART,
      shares: false,
    });
  });

  it('is none for the shop itself, for other names, and without a shopper', () => {
    for (const host of [
      'localhost:5173',
      'fast-3.example.org',
      'slow-1.localhost',
      'fast-3.localhost.evil.org',
      undefined,
    ])
      expect(seatOf(host)).toBeUndefined();
    expect(partOf({ host: 'fast-3.localhost', search: '?seed=1' })).toBeUndefined();
    expect(partOf({ host: 'localhost', search: '?shopper=gift-buyer' })).toBeUndefined();
  });
});
