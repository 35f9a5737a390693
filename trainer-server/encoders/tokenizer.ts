/** The shop's own tokenizer: byte-level BPE, kept as a standard `tokenizer.json`. */

import { Tokenizer } from '@huggingface/tokenizers';
import { BadInput } from '../../shared/errors.ts';
import { learnMerges, type Merge } from './byte-pairs.ts';

export interface TokenizerOptions {
  /** Largest vocabulary, special tokens and bytes included. A shop's catalogue seldom needs more than 4,096. */
  vocabulary: number;
}

export const TOKENIZER_OPTIONS: TokenizerOptions = { vocabulary: 4096 };

/** Their order is their id; shared/models/text-encoder.ts counts on it. */
const SPECIAL = ['<pad>', '<cls>', '<mask>', '<sep>'] as const;

/**
 * Learns a tokenizer. Any text can be encoded, in any script, since every byte is a token; case and width are
 * folded (NFKC), because the encoder has little text to learn from.
 * @returns the content of tokenizer.json, as the `tokenizers` library writes and reads it
 */
export function trainTokenizer(
  texts: Iterable<string>,
  options: TokenizerOptions = TOKENIZER_OPTIONS,
): TokenizerFile {
  const alphabet = byteSymbols();
  const splitter = new Tokenizer(tokenizerFile(alphabet, []), {});
  const words = new Map<string, number>();
  for (const text of texts) {
    const normal = splitter.normalizer!(text);
    for (const word of splitter.pre_tokenizer!(normal)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const room = options.vocabulary - SPECIAL.length - alphabet.length;
  if (room < 0) {
    throw new BadInput(
      { field: 'vocabulary' },
      `at least ${SPECIAL.length + alphabet.length} (special tokens and bytes)`,
      `${options.vocabulary}`,
    );
  }
  return tokenizerFile(alphabet, learnMerges(words, alphabet, room));
}

/** A tokenizer from the content of tokenizer.json. @throws BadInput where the special tokens are not ours */
export function openTokenizer(file: TokenizerFile): Tokenizer {
  SPECIAL.forEach((token, id) => {
    if (file.model.vocab[token] === id) return;
    throw new BadInput(
      { file: 'tokenizer.json', field: 'model.vocab' },
      `${token} to be ${id}`,
      `${file.model.vocab[token]}`,
    );
  });
  return new Tokenizer(file, {});
}

export const vocabularySize = (file: TokenizerFile): number => Object.keys(file.model.vocab).length;

/** @throws BadInput for the tokenizer of another encoder */
export function checkTokenizer(file: TokenizerFile, { vocabulary }: { vocabulary: number }): void {
  const size = vocabularySize(file);
  if (size === vocabulary) return;
  throw new BadInput(
    { file: 'tokenizer.json', field: 'model.vocab' },
    `the ${vocabulary} tokens of the text encoder`,
    `${size}`,
    'Take the tokenizer that the encoder was trained with',
  );
}

export type TokenizerFile = ReturnType<typeof tokenizerFile>;

function tokenizerFile(alphabet: readonly string[], merges: readonly Merge[]) {
  const tokens = [...SPECIAL, ...alphabet, ...merges.map((pair) => pair.join(''))];
  // Without a prototype, since a shop may well sell a "constructor".
  const vocab: Record<string, number> = Object.create(null);
  // Two merges may spell the same token; the first keeps the id and no id is left empty.
  let size = 0;
  for (const token of tokens) if (!Object.hasOwn(vocab, token)) vocab[token] = size++;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content: string, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<cls>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        { SpecialToken: { id: '<cls>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '<sep>', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 1 } },
      ],
      special_tokens: Object.fromEntries(
        (['<cls>', '<sep>'] as const).map((token) => [
          token as string,
          { id: token as string, ids: [SPECIAL.indexOf(token)], tokens: [token as string] },
        ]),
      ),
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: merges.map((pair) => [...pair]),
    },
  };
}

/**
 * A printable character for each byte, as GPT-2 chose them: printable Latin-1 bytes stand for themselves, the others
 * for the characters from U+0100 on, in byte order. Source: openai/gpt-2 src/encoder.py, bytes_to_unicode.
 */
function byteSymbols(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}
