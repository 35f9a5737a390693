import { describe, expect, it } from 'vitest';
import type { Model } from '../../../sdk/model.ts';
import { byPolicy } from '../../../sdk/worker/answer.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';

const disclosure = { en: 'Set by an algorithm.', de: 'Von einem Algorithmus.' };
const TEN = {
  id: 'ten',
  terms: { type: 'percentage', percent: 10 },
  creative: { en: { title: 'Ten off' }, de: { title: 'Zehn weniger' }, disclosure },
};

const MODEL: Model = { meta: { shop: { locale: 'en' }, promotions: [TEN] } } as never;

const chosen = (...codes: string[]): DecisionRecord =>
  ({ id: '1', slot: 'cart', decision: { action: 'ten', reasons: codes.map((code) => ({ code })) } }) as never;

describe('a decision as the page gets it', () => {
  it('carries the words that the law asks for beside a price chosen from personal data, in the page’s language', () => {
    const said = (locale: string) => byPolicy(chosen('best', 'personalised-price'), MODEL, locale).creative;
    expect(said('de-AT')).toEqual({ title: 'Zehn weniger', text: '', disclosure: disclosure.de });
    expect(said('fi')).toEqual({ title: 'Ten off', text: '', disclosure: disclosure.en });
  });

  it('carries none where nothing personal chose', () => {
    expect(byPolicy(chosen('best'), MODEL, 'de').creative).toEqual({ title: 'Zehn weniger', text: '' });
  });
});
