import { describe, expect, it } from 'vitest';
import type { Model } from '../../../sdk/model.ts';
import { byPolicy } from '../../../sdk/worker/answer.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';

const TEN = { id: 'ten', terms: { type: 'percentage', percent: 10 }, creative: { title: 'Ten off' } };
const words = { en: 'Set by an algorithm.', de: 'Von einem Algorithmus.' };

const modelOf = (law?: object): Model =>
  ({ meta: { shop: { locale: 'en' }, promotions: [TEN], ...(law === undefined ? {} : { law }) } }) as never;

const chosen = (...codes: string[]): DecisionRecord =>
  ({ id: '1', slot: 'cart', decision: { action: 'ten', reasons: codes.map((code) => ({ code })) } }) as never;

describe('a decision as the page gets it', () => {
  it('carries the words that the law asks for beside a price chosen from personal data, in the page’s language', () => {
    const law = { untrue: {}, urgent: {}, disclosure: 'eu-personalised-price', words };
    const said = (locale: string) => byPolicy(chosen('personalised-price'), modelOf(law), locale).creative;
    expect(said('de-AT')).toEqual({ title: 'Ten off', text: '', disclosure: words.de });
    expect(said('fi')).toEqual({ title: 'Ten off', text: '', disclosure: words.en });
  });

  it('carries none where nothing personal chose, or no law asks', () => {
    const law = { untrue: {}, urgent: {}, words };
    expect(byPolicy(chosen('best'), modelOf(law), 'en').creative).toEqual({ title: 'Ten off', text: '' });
    expect(byPolicy(chosen('personalised-price'), modelOf(), 'en').creative).toEqual({
      title: 'Ten off',
      text: '',
    });
  });
});
