import { describe, expect, it } from 'vitest';
import { isHeldOut, withHoldout } from '../../../shared/policy/holdout.ts';
import { requestOf } from '../../helpers/policy.ts';

const salts = Array.from({ length: 20_000 }, (_, i) => `device ${i}`);

describe('the holdout', () => {
  it('is the share of devices that was asked for', () => {
    const held = salts.filter((salt) => isHeldOut(salt, 0.05)).length / salts.length;
    // Four standard errors of a share of 5 % in 20,000.
    expect(Math.abs(held - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / salts.length));
  });

  it('keeps whom it held when it grows, and holds nobody where there is none', () => {
    const grown = salts.filter((salt) => isHeldOut(salt, 0.02) && !isHeldOut(salt, 0.1));
    expect(grown).toEqual([]);
    expect(salts.some((salt) => isHeldOut(salt, undefined) || isHeldOut(salt, 0))).toBe(false);
  });

  it('leaves nothing but none to choose from, and a slot that cannot stay empty as it is', () => {
    const asked = { ...requestOf(), eligible: ['none', 'tea-20'] };
    expect(withHoldout(asked, true).eligible).toEqual(['none']);
    expect(withHoldout(asked, false)).toBe(asked);
    const full = { ...requestOf(), eligible: ['tea-20'] };
    expect(withHoldout(full, true)).toBe(full);
  });
});
