import { describe, expect, it } from 'vitest';
import { Store } from '../../../demo-shop/shop/state.ts';

const memory = () => {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
};

describe('what the shop remembers', () => {
  it('is there again at the next visit', () => {
    const storage = memory();
    new Store(storage, ['en']).update({ wishes: ['MUG-01'] });
    expect(new Store(storage, ['en']).state.wishes).toEqual(['MUG-01']);
  });

  it('begins in the browser’s language and then keeps the shopper’s choice', () => {
    const storage = memory();
    const store = new Store(storage, ['zh-TW', 'en']);
    expect(store.state.language).toBe('zh');
    store.update({ language: 'en' });
    expect(new Store(storage, ['zh-TW']).state.language).toBe('en');
  });

  it('lets nothing be measured until it is allowed', () => {
    expect(new Store(memory(), ['en']).state).toMatchObject({ measurement: false, consented: false });
  });

  it('works without storage, with a full one, and with nonsense in it', () => {
    const full = {
      getItem: () => '{nonsense',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
      removeItem: () => undefined,
    };
    for (const storage of [undefined, full]) {
      const store = new Store(storage, ['en']);
      store.update({ offers: ['tea-15'] });
      expect(store.state.offers).toEqual(['tea-15']);
    }
  });
});
