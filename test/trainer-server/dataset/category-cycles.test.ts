import { describe, expect, it } from 'vitest';
import { categoryPath } from '../../../shared/product.ts';
import { categoryCycle } from '../../../trainer-server/dataset/category-cycles.ts';

const paths = (...told: string[]) => told.map((path) => ({ category: categoryPath(path) }));

describe('the categories of a catalogue', () => {
  it('are a tree, or a category under several parents', () => {
    expect(
      categoryCycle(paths('Home > Mugs', 'Home > Lamps > Small', 'Gifts > Mugs', '', 'Mugs')),
    ).toBeUndefined();
  });

  it('are reported where one is its own ancestor, within a path or over several', () => {
    expect(categoryCycle(paths('A > B > A'))).toEqual(['A', 'B', 'A']);
    expect(categoryCycle(paths('Root > A > B', 'B > C', 'C > A'))).toEqual(['A', 'B', 'C', 'A']);
    expect(categoryCycle(paths('A > A'))).toEqual(['A', 'A']);
  });

  it('may be deep', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => ({ category: [`c${i}`, `c${i + 1}`] }));
    expect(categoryCycle(chain)).toBeUndefined();
    expect(categoryCycle([...chain, { category: ['c100000', 'c0'] }])).toHaveLength(100_002);
  });
});
