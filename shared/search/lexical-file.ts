/**
 * The word index as a file, about half of the same numbers as JSON after Brotli, and exact. Products are numbered in
 * an order in which like ones stand together, so that the gaps within a term are small (Silvestri 2007, "Sorting out
 * the document identifier assignment problem"); how often a term stands in which fields is one of a few hundred
 * patterns; weights are not stored, since counts and lengths give them.
 */

import { BadInput } from '../errors.ts';
import {
  readTensorMetadata,
  readTensors,
  type Tensor,
  type Tensors,
  tensorOf,
  writeTensors,
} from '../tensors.ts';
import { type Bm25Options, FIELDS, type LexicalIndex } from './lexical-index.ts';
import type { SearchRanker } from './search.ts';

const FILE = 'search.safetensors';
const WIDTH = FIELDS.length;

/** @param order of the rows: like products near each other; theirs where absent */
export function writeLexicalIndex(
  index: LexicalIndex,
  order = [...Array(index.products).keys()],
): Uint8Array {
  const { products, options, terms, start, rows, counts, lengths, ranker } = index;
  const place = new Int32Array(products);
  order.forEach((row, at) => {
    place[row] = at;
  });
  const gaps: number[] = [];
  const used: string[] = [];
  for (let t = 0; t < terms.length; t++) {
    let before = -1;
    const own = Array.from({ length: start[t + 1]! - start[t]! }, (_, i) => start[t]! + i);
    for (const at of own.sort((a, b) => place[rows[a]!]! - place[rows[b]!]!)) {
      pushNumber(gaps, place[rows[at]!]! - before - 1);
      before = place[rows[at]!]!;
      used.push(counts.subarray(at * WIDTH, (at + 1) * WIDTH).join());
    }
  }
  const patterns = commonestFirst(used);
  const number = new Map(patterns.map((pattern, i) => [pattern, i]));
  const postings: number[] = [];
  for (const pattern of used) pushNumber(postings, number.get(pattern)!);
  const sizes: number[] = [];
  for (let t = 0; t < terms.length; t++) pushNumber(sizes, start[t + 1]! - start[t]!);
  const tensors = {
    gaps: bytes(gaps),
    sizes: bytes(sizes),
    patterns: bytes(postings),
    counts: {
      shape: [patterns.length, WIDTH],
      data: Uint8Array.from(patterns.flatMap((p) => p.split(',').map(Number))),
    },
    // A field after the other, since lengths of one field are alike.
    lengths: {
      shape: [WIDTH, products],
      data: Uint16Array.from(
        { length: WIDTH * products },
        (_, i) => lengths[order[i % products]! * WIDTH + Math.floor(i / products)]!,
      ),
    },
    order: { shape: [products], data: Int32Array.from(order) },
    terms: bytes(new TextEncoder().encode(terms.join('\n'))),
  };
  return writeTensors(tensors, {
    options: JSON.stringify(options),
    ...(ranker && { ranker: JSON.stringify(ranker) }),
  });
}

/** The inverse of writeLexicalIndex. @throws BadInput for a file that does not hold together, or of an earlier form */
export function readLexicalIndex(file: Uint8Array): LexicalIndex {
  const tensors = readTensors(file, FILE);
  const { options, ranker } = readTensorMetadata(file, FILE);
  const order = tensorOf(tensors, 'order').data;
  const text = new TextDecoder().decode(tensorOf(tensors, 'terms').data as Uint8Array);
  const terms = text === '' ? [] : text.split('\n');
  const sizes = numbersOf(tensorOf(tensors, 'sizes'));
  if (options === undefined || sizes.length !== terms.length)
    throw new BadInput({ file: FILE }, `postings of ${terms.length} terms`, `of ${sizes.length}`);
  return {
    ...{ products: order.length, options: JSON.parse(options) as Bm25Options, terms },
    ...postingsOf(tensors, order, sizes),
    lengths: lengthsOf(tensors, order),
    ...(ranker === undefined ? {} : { ranker: JSON.parse(ranker) as SearchRanker }),
  };
}

function postingsOf(
  tensors: Tensors,
  order: Tensor['data'],
  sizes: Int32Array,
): Pick<LexicalIndex, 'start' | 'rows' | 'counts'> {
  const start = new Int32Array(sizes.length + 1);
  for (let t = 0; t < sizes.length; t++) start[t + 1] = start[t]! + sizes[t]!;
  const total = start.at(-1)!;
  const [gaps, patterns] = [numbersOf(tensorOf(tensors, 'gaps')), numbersOf(tensorOf(tensors, 'patterns'))];
  if (gaps.length !== total || patterns.length !== total)
    throw new BadInput(
      { file: FILE },
      `${total} postings`,
      `${gaps.length} gaps, ${patterns.length} patterns`,
    );
  const known = tensorOf(tensors, 'counts').data;
  const rows = new Int32Array(total);
  const counts = new Uint8Array(total * WIDTH);
  for (let t = 0; t < sizes.length; t++) {
    let before = -1;
    for (let at = start[t]!; at < start[t + 1]!; at++) {
      before += gaps[at]! + 1;
      rows[at] = order[before] ?? order.length;
      for (let f = 0; f < WIDTH; f++) counts[at * WIDTH + f] = known[patterns[at]! * WIDTH + f]!;
    }
  }
  const wrong = rows.find((row) => row < 0 || row >= order.length);
  if (wrong !== undefined)
    throw new BadInput({ file: FILE, field: 'gaps' }, `rows below ${order.length}`, `${wrong}`);
  return { start, rows, counts };
}

function lengthsOf(tensors: Tensors, order: Tensor['data']): Uint16Array {
  const products = order.length;
  const stored = tensorOf(tensors, 'lengths', [WIDTH, products]).data;
  const lengths = new Uint16Array(products * WIDTH);
  stored.forEach((length, i) => {
    lengths[order[i % products]! * WIDTH + Math.floor(i / products)] = length;
  });
  return lengths;
}

const bytes = (of: ArrayLike<number>): Tensor<Uint8Array> => ({
  shape: [of.length],
  data: Uint8Array.from(of),
});

/** Seven bits a byte, the lowest first; the highest bit says that more follow (LEB128). */
function pushNumber(to: number[], value: number): void {
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) {
      to.push(rest);
      return;
    }
    to.push((rest & 127) | 128);
  }
}

function numbersOf({ data }: Tensor): Int32Array {
  const numbers = new Int32Array(data.length);
  let count = 0;
  let shift = 0;
  for (const byte of data) {
    numbers[count]! |= (byte & 127) << shift;
    shift = byte < 128 ? 0 : shift + 7;
    if (byte < 128) count++;
  }
  return numbers.subarray(0, count);
}

/** Each once; the common ones get the small numbers. */
function commonestFirst(all: readonly string[]): string[] {
  const seen = new Map<string, number>();
  for (const one of all) seen.set(one, (seen.get(one) ?? 0) + 1);
  return [...seen].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([one]) => one);
}
