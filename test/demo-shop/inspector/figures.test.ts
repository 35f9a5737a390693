import { describe, expect, it } from 'vitest';
import { figure } from '../../../demo-shop/inspector/figures.ts';

describe('a figure', () => {
  it('keeps about three digits, and no sign where it is rounded to nothing', () => {
    expect([1.234, -12.34, 1234.5, -0.004, -0.006].map(figure)).toEqual([
      ...['1.23', '-12.3', '1235', '0.00', '-0.01'],
    ]);
  });
});
