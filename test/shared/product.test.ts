import { describe, expect, it } from 'vitest';
import { readProduct } from '../../shared/product.ts';

describe('reading a product', () => {
  it('splits the category path and converts every price', () => {
    expect(
      readProduct(
        {
          sku: 'a',
          title: 'T',
          category: ' A >  B> ',
          price: 9.99,
          list_price: 12,
          cost: 3.5,
          colour: 'red',
        },
        'USD',
      ),
    ).toEqual({
      sku: 'a',
      title: 'T',
      category: ['A', 'B'],
      price: 999,
      listPrice: 1200,
      cost: 350,
      attributes: { colour: 'red' },
    });
  });

  it('refuses a negative price and a rating of seven', () => {
    expect(() => readProduct({ sku: 'a', price: -1 }, 'USD')).toThrow(/price: expected >=0, found -1/);
    expect(() => readProduct({ sku: 'a', rating: 7 }, 'USD')).toThrow(/rating: expected <=5, found 7/);
  });
});

describe('reading the attributes of a product', () => {
  it('keeps lists as their text and leaves out what has no value', () => {
    const attributes = { tags: ['new', 'red'], sizes: [38, 39], colour: null, vegan: true };
    expect(readProduct({ sku: 'a', attributes }, 'USD').attributes).toEqual({
      tags: 'new, red',
      sizes: '38, 39',
      vegan: true,
    });
  });
});

describe('reading a product of another kind of feed', () => {
  const read = (line: object) => readProduct({ sku: 'a', ...line }, 'EUR');

  it('takes prices and numbers that are text, and an empty text for none', () => {
    const line = {
      price: '12,50 EUR',
      list_price: '€ 1.299,00',
      cost: '',
      rating: '4.5',
      stock: ' 12',
      title: '',
    };
    expect(read(line)).toMatchObject({ price: 1250, listPrice: 129900, rating: 4.5, stock: 12 });
    expect(read(line)).not.toHaveProperty('cost');
    expect(() => read({ price: '1,299' })).toThrow(/price: expected one amount in EUR/);
    expect(() => read({ rating: 'good' })).toThrow(/rating: expected a number, found "good"/);
    expect(() => read({ rating: '7' })).toThrow(/rating: expected <=5/);
  });

  it('names nested attributes by their path', () => {
    const attributes = { size: { eu: 42, uk: { half: false } }, colour: null, tags: ['new', 'red'] };
    expect(read({ attributes }).attributes).toEqual({
      'size eu': 42,
      'size uk half': false,
      tags: 'new, red',
    });
  });

  it('takes lists of names and values for attributes', () => {
    const attributes = [
      { name: 'colour', value: 'red' },
      { name: 'fits', value: 'A' },
      { name: 'fits', value: 'B' },
    ];
    expect(read({ attributes }).attributes).toEqual({ colour: 'red', fits: 'A, B' });
    expect(read({ attributes: { specs: [{ key: 'watt', value: 40 }] } }).attributes).toEqual({
      'specs watt': 40,
    });
  });

  it('keeps unknown lists and objects of a line as attributes too', () => {
    expect(read({ tags: ['x', 'y'], dimensions: { width: 3 }, vegan: true }).attributes).toEqual({
      tags: 'x, y',
      'dimensions width': 3,
      vegan: true,
    });
  });

  it('refuses what has no flat form, naming the field', () => {
    expect(() => read({ variants: [{ sku: 'b', price: 3 }] })).toThrow(/^variants: expected .*found \[/);
    expect(() => read({ attributes: { a: [[1]] } })).toThrow(/^attributes.a: expected/);
    expect(() => read({ attributes: { a: { b: { c: { d: { e: 1 } } } } } })).toThrow(/at most 4 levels/);
    expect(() => read({ attributes: { a: { b: 1 }, 'a b': 2 } })).toThrow(
      /one value of "a b", found 1 and 2/,
    );
    expect(() => read({ attributes: 'red' })).toThrow(/^attributes: expected an object/);
  });
});
