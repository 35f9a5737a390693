import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, Spelling } from '../../../shared/search/spelling.ts';

/** The textbook recursion, slow and plain. */
function slow(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const rest = (x: string, n = 1): string => x.slice(n);
  const swap =
    a[0] === b[1] && a[1] === b[0] && a.length > 1 && b.length > 1 ? slow(rest(a, 2), rest(b, 2)) + 1 : 99;
  return Math.min(
    slow(rest(a), b) + 1,
    slow(a, rest(b)) + 1,
    slow(rest(a), rest(b)) + (a[0] === b[0] ? 0 : 1),
    swap,
  );
}

describe('distance', () => {
  it('is the textbook recursion, up to what matters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
        expect(distance(a, b, most)).toBe(Math.min(slow(a, b), most + 1));
      }),
    );
  });
});

describe('Spelling', () => {
  const words = ['teapot', 'teapots', 'kettle', 'mug', 'headphone', 'stoneware', 'plate', 'slate'];
  const spelling = new Spelling(words, (i) => (words[i] === 'slate' ? 9 : 1));
  const meant = (word: string): string | undefined => {
    const at = spelling.nearest(word);
    return at === undefined ? undefined : words[at];
  };

  it('finds a word with a letter missing, added, changed or swapped', () => {
    expect(['teapt', 'ketttle', 'keetle', 'kettel'].map(meant)).toEqual([
      'teapot',
      'kettle',
      'kettle',
      'kettle',
    ]);
  });

  it('allows two errors in a long word and none in a short one', () => {
    expect([meant('haedphnoe'), meant('stonwear'), meant('rug')]).toEqual([
      'headphone',
      undefined,
      undefined,
    ]);
  });

  it('takes the commoner of two that are equally near, and no word for a model number', () => {
    expect(meant('xlate')).toBe('slate');
    expect(new Spelling(['dv7000'], () => 1).nearest('dv7001')).toBeUndefined();
  });
});
