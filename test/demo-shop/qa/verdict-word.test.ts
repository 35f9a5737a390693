import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../demo-shop/qa/round.ts';
import { verdictWord } from '../../../demo-shop/qa/verdict-word.ts';
import { qaWord } from '../../../demo-shop/qa/words.ts';

const verdict = (shipped: boolean, low?: number, high?: number): Verdict => ({
  ...{ shipped, against: 'none', reasons: [] },
  ...(low === undefined || high === undefined ? {} : { low, high }),
});

describe('the gate’s verdict in words', () => {
  it('tells surely better, surely worse and cannot tell apart', () => {
    expect(verdictWord(verdict(true, 0.2, 1))).toBe('verdictShipped');
    expect(verdictWord(verdict(false, -1, -0.2))).toBe('verdictWorse');
    expect(verdictWord(verdict(false, -0.2, 1))).toBe('verdictUnsure');
  });

  it('tells a broken guard-rail from a lack of evidence', () => {
    expect(verdictWord(verdict(false, 0.2, 1))).toBe('verdictRail');
    expect(verdictWord(verdict(false))).toBe('verdictThin');
  });

  it('does not call a release better that decides as the other one does', () => {
    expect(verdictWord(verdict(true, 0, 0))).toBe('verdictSame');
  });

  it('says what it would take, in both languages', () => {
    const fill = { low: '−€0.20', high: '€1.00', least: '€1.70', against: 'x' };
    expect(qaWord('verdictUnsure', 'en', fill)).toContain('between −€0.20 and €1.00');
    expect(qaWord('verdictUnsure', 'zh', fill)).toContain('€1.70');
  });
});
