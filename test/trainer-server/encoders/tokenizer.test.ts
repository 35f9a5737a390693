import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { textTokens } from '../../../shared/features/text-tokens.ts';
import { learnMerges } from '../../../trainer-server/encoders/byte-pairs.ts';
import { openTokenizer, trainTokenizer, vocabularySize } from '../../../trainer-server/encoders/tokenizer.ts';

describe('learnMerges', () => {
  it('merges the most frequent pair first, as worked out by hand', () => {
    // Sennrich et al. 2016, figure 1: low 5, lower 2, newest 6, widest 3. e-s and s-t occur 9 times each; of equals
    // the pair of the older symbols (alphabet order d e i l n o r s t w) wins: e-s. Then es-t 9, l-o 7, lo-w 7.
    const words = new Map([
      ['low', 5],
      ['lower', 2],
      ['newest', 6],
      ['widest', 3],
    ]);
    const merges = learnMerges(words, [...'deilnorstw'], 4);
    expect(merges).toEqual([
      ['e', 's'],
      ['es', 't'],
      ['l', 'o'],
      ['lo', 'w'],
    ]);
  });

  it('merges repeats from the left', () => {
    // aaaa twice: a-a; then (aa)(aa), seen twice.
    expect(learnMerges(new Map([['aaaa', 2]]), ['a'], 5)).toEqual([
      ['a', 'a'],
      ['aa', 'aa'],
    ]);
  });

  it('stops where no pair occurs twice', () => {
    expect(learnMerges(new Map([['abc', 1]]), ['a', 'b', 'c'], 10)).toEqual([]);
  });
});

describe('trainTokenizer', () => {
  const texts = [
    'Ceramic mug, blue',
    'Ceramic mug, red',
    '陶瓷马克杯 蓝色',
    '陶瓷马克杯 红色',
    'Bluetooth speaker',
  ];
  const file = trainTokenizer(texts, { vocabulary: 320 });
  const tokenizer = openTokenizer(file);

  it('gives any text back, in any script, folded to lower case and compatibility form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('马克杯 👩‍👧‍👦 ¥３９９', 'naïve\u0000 İstanbul', '🎁🎁 満足 ！'),
        ),
        (text) => {
          const normal = text.normalize('NFKC').toLowerCase();
          const back = tokenizer.decode(tokenizer.encode(text).ids, {
            skip_special_tokens: true,
            clean_up_tokenization_spaces: false,
          });
          expect(back.replace(/^ /, '')).toBe(normal.replace(/^ /, ''));
        },
      ),
    );
  });

  it('spends fewer tokens on what the catalogue says often', () => {
    const tokens = (text: string): number => tokenizer.encode(text).ids.length;
    expect(tokens('ceramic mug')).toBeLessThan('ceramic mug'.length / 2);
    expect(tokens('陶瓷马克杯')).toBeLessThan(new TextEncoder().encode('陶瓷马克杯').length / 2);
  });

  it('begins every text with <cls> and cuts it to the length asked for', () => {
    const tokens = textTokens(tokenizer, 'Ceramic mug, blue, with a very long description', 5);
    expect(tokens).toHaveLength(5);
    expect(tokens[0]).toBe(1);
  });

  it('does not let a text write control tokens', () => {
    expect([...textTokens(tokenizer, 'a <mask> b <pad><sep>', 64)].filter((token) => token < 4)).toEqual([1]);
  });

  it('keeps to the vocabulary and fills every id', () => {
    expect(vocabularySize(file)).toBeLessThanOrEqual(320);
    expect(Object.values(file.model.vocab).sort((a, b) => a - b)).toEqual([
      ...Array(vocabularySize(file)).keys(),
    ]);
  });

  it('works without any text', () => {
    expect(vocabularySize(trainTokenizer([]))).toBe(260);
  });

  it('refuses a vocabulary that cannot hold the bytes', () => {
    expect(() => trainTokenizer(texts, { vocabulary: 100 })).toThrow(BadInput);
  });

  it('refuses a tokenizer whose special tokens are elsewhere', () => {
    const foreign = structuredClone(file);
    foreign.model.vocab['<cls>'] = 7;
    expect(() => openTokenizer(foreign)).toThrow(/<cls> to be 1/);
  });
});
