import { describe, expect, it } from 'vitest';
import { forgotten, toldPeriods } from '../../../trainer-server/recommend/period-qualities.ts';

describe('what was forgotten', () => {
  it('is the share of quality lost, with an interval over the differences of the same questions', () => {
    // Worths 2 and 0 become 1 and 0: of a mean of 1 a half is lost. Losses 1 and 0 have deviation 1/2, so that the
    // error of their mean is 1.96 * 0.5 / sqrt(2).
    const error = (1.96 * 0.5) / Math.SQRT2;
    const told = forgotten([2, 0], [1, 0]);
    expect(told.forgetting).toBeCloseTo(0.5, 6);
    expect(told.forgettingLow).toBeCloseTo(0.5 - error, 6);
    expect(told.forgettingHigh).toBeCloseTo(0.5 + error, 6);
  });

  it('is nothing where quality was gained, though the interval says so', () => {
    const told = forgotten([1, 1], [1.5, 1.5]);
    expect(told).toMatchObject({ forgetting: 0, forgettingLow: -0.5, forgettingHigh: -0.5 });
    expect(toldPeriods({ ...told, newPeriodBefore: 0.1, newPeriodAfter: 0.2 })).toBe(
      'old period 1.000 -> 1.500 (0.0 % forgotten; 2 questions, 95 %: -50.0 to -50.0), new period 0.100 -> 0.200',
    );
  });

  it('is nothing of a release that kept no questions', () => {
    expect(forgotten([], [])).toMatchObject({ forgetting: 0, oldPeriodQuestions: 0 });
  });
});
