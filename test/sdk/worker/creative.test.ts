import { describe, expect, it } from 'vitest';
import { creativeOf } from '../../../sdk/worker/creative.ts';

const promotion = (creative: Record<string, unknown>) => ({
  id: 'p',
  terms: { type: 'message' as const },
  creative,
});
const both = { en: { title: 'Ten off', text: 'Today' }, zh: { title: '减十', text: '今天' } };

describe('creativeOf', () => {
  it("takes the page's language, then the shop's, then the first", () => {
    expect(creativeOf(promotion(both), 'zh-CN', 'en')?.title).toBe('减十');
    expect(creativeOf(promotion(both), 'fr', 'zh')?.title).toBe('减十');
    expect(creativeOf(promotion(both), 'fr', 'de')?.title).toBe('Ten off');
  });

  it('takes fields without languages, and fields that are each by language', () => {
    expect(creativeOf(promotion({ title: 'Hello' }), 'en', 'en')).toEqual({ title: 'Hello', text: '' });
    const byField = { title: { en: 'Hello', zh: '你好' }, text: { en: 'a', zh: '甲' } };
    expect(creativeOf(promotion(byField), 'zh', 'en')).toEqual({ title: '你好', text: '甲' });
  });

  it('lets nothing but text through', () => {
    const hostile = { title: ['x'], text: 'ok', html: '<img onerror=alert(1)>', url: 7 };
    expect(creativeOf(promotion(hostile), 'en', 'en')).toEqual({ title: '', text: 'ok' });
    expect(creativeOf(promotion({ html: '<b>' }), 'en', 'en')).toBeUndefined();
  });
});
