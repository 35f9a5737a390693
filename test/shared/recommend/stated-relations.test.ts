import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../helpers/properties.ts';
import { BadInput } from '../../../shared/errors.ts';
import { readStatedRelation, StatedRelations } from '../../../shared/recommend/stated-relations.ts';

const products = [
  { sku: 'pot', category: ['Tea', 'Pots'] },
  { sku: 'cup', category: ['Tea', 'Cups'] },
  { sku: 'espresso', category: ['Coffee', 'Espresso cups'] },
  { sku: 'mat', category: [] },
];
const stated = (...lines: [unknown, string, unknown][]) =>
  new StatedRelations(
    lines.map(([from, relation, to]) => readStatedRelation({ from, relation, to })),
    products,
  );

describe('StatedRelations', () => {
  it('holds goes-with and never-with both ways, by product or by category in any case', () => {
    const relations = stated(['pot', 'goes-with', { category: 'cups' }], ['mat', 'never-with', 'pot']);
    expect([...relations.related('goes-with', 0)]).toEqual([1]);
    expect([...relations.related('goes-with', 1)]).toEqual([0]);
    expect([...relations.related('never-with', 0)]).toEqual([3]);
    expect([...relations.related('never-with', 3)]).toEqual([0]);
  });

  it('holds replaces one way', () => {
    const relations = stated(['espresso', 'replaces', 'cup']);
    expect([...relations.related('replaces', 2)]).toEqual([1]);
    expect([...relations.related('replaces', 1)]).toEqual([]);
  });

  it('lets what is true of a category be true of its kinds', () => {
    const relations = stated(
      [{ category: 'Espresso cups' }, 'is-a', { category: 'Cups' }],
      [{ category: 'Cups' }, 'is-a', { category: 'Crockery' }],
      ['mat', 'goes-with', { category: 'Crockery' }],
    );
    expect([...relations.related('goes-with', 3)]).toEqual([1, 2]);
    // An espresso cup may stand for a cup; a cup is no espresso cup, and the mat is neither.
    expect([relations.isKindOf(2, 1), relations.isKindOf(1, 2), relations.isKindOf(3, 1)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('ends where kinds go round in a circle', () => {
    const sides = fc.constantFrom(...['Tea', 'Pots', 'Cups', 'Coffee'].map((category) => ({ category })));
    fc.assert(
      fc.property(fc.array(fc.tuple(sides, sides), { maxLength: 12 }), (edges) => {
        const relations = stated(
          ...edges.map(([from, to]): [unknown, string, unknown] => [from, 'is-a', to]),
          [{ category: 'Tea' }, 'goes-with', 'mat'],
        );
        expect(relations.related('goes-with', 0).has(3)).toBe(true);
      }),
    );
  });

  it('refuses what is no relation, and kinds of a single product', () => {
    expect(() => readStatedRelation({ from: 'a', relation: 'likes', to: 'b' })).toThrow(BadInput);
    expect(() => readStatedRelation({ from: 'a', relation: 'is-a', to: 'b' })).toThrow(/category/);
    expect(() => readStatedRelation({ from: { colour: 'red' }, relation: 'replaces', to: 'b' })).toThrow(
      BadInput,
    );
  });
});
