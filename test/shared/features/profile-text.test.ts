import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { categoryText, productText, profileText } from '../../../shared/features/profile-text.ts';

const mug = { title: 'Blue mug', brand: 'Ton', category: ['Home', 'Mugs'] };

describe('productText', () => {
  it('tells what identifies a product first and its category not at all', () => {
    const product = {
      ...mug,
      description: '<p>Holds&nbsp;300 ml</p>',
      attributes: { colour: 'blue', dishwasher_safe: true, vegan: false, care: 'x'.repeat(41) },
    };
    expect(productText(product)).toBe('Blue mug. Ton. colour blue. dishwasher safe. Holds 300 ml');
    expect(categoryText(product.category)).toBe('Home Mugs');
  });

  it('is empty where nothing is known', () => {
    expect(productText({ title: '' })).toBe('');
  });
});

describe('profileText', () => {
  const events: BehaviourEvent[] = [
    { visitor: 'v', name: 'view_item', sku: 'm' },
    { visitor: 'v', name: 'view_item_list', items: [{ sku: 'm', quantity: 1 }] },
    { visitor: 'v', name: 'search', query: '  保温杯 ' },
    {
      visitor: 'v',
      name: 'purchase',
      items: [
        { sku: 'm', quantity: 2 },
        { sku: 'unknown', quantity: 1 },
      ],
    },
  ];
  const wordsOf = (sku: string) => (sku === 'm' ? mug : undefined);

  it('tells the latest behaviour first, impressions and unknown products left out', () => {
    expect(profileText(events, wordsOf, { device: 'phone' })).toBe(
      'device phone. bought Blue mug. searched 保温杯. viewed Blue mug',
    );
  });

  it('tells a repeated act once and at most sixteen acts', () => {
    const many = Array.from(
      { length: 40 },
      (_, i): BehaviourEvent => ({ visitor: 'v', name: 'search', query: `q${i}` }),
    );
    expect(profileText(many, wordsOf).split('. ')).toHaveLength(16);
    expect(profileText([events[0]!, events[0]!], wordsOf)).toBe('viewed Blue mug');
  });
});
