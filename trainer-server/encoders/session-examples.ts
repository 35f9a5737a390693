/** Behaviour as training batches of the session encoder: after each token, which product comes next? */

import type { BehaviourEvent } from '../../shared/event.ts';
import { type ProductLookup, type SessionInput, sequenceOf } from '../../shared/features/sequence.ts';
import { QUERY_SLOTS } from '../../shared/features/vocabulary.ts';
import type { Minor } from '../../shared/money.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';

/** A visitor's whole history in tokens. */
export interface Sequence extends SessionInput {
  /** Row of the next product after each token, -1 for none. */
  target: Int32Array;
}

/** Visitors' sequences that hold at least one question. @param events sorted by visitor, then time */
export function sequencesOf(
  events: readonly BehaviourEvent[],
  products: ProductLookup,
  priceEdges: readonly Minor[],
): Sequence[] {
  const sequences: Sequence[] = [];
  for (let from = 0; from < events.length; ) {
    let to = from + 1;
    while (to < events.length && events[to]!.visitor === events[from]!.visitor) to++;
    const input = sequenceOf(
      spreadBaskets(events.slice(from, to)),
      products,
      priceEdges,
      Number.POSITIVE_INFINITY,
    );
    const target = nextProducts(input);
    if (target.some((row) => row >= 0)) sequences.push({ ...input, target });
    from = to;
  }
  return sequences;
}

/**
 * The product of the next token that has one. The same product in another role (viewed, then bought) asks nothing
 * about products and is left out; viewed again it counts, since shoppers do go back.
 */
function nextProducts({ length, row, kind }: SessionInput): Int32Array {
  const target = new Int32Array(length).fill(-1);
  for (let t = length - 2, next = -1; t >= 0; t--) {
    if (row[t + 1]! >= 0) next = t + 1;
    if (next < 0) continue;
    if (row[next] !== row[t] || kind[next] === kind[t]) target[t] = row[next]!;
  }
  return target;
}

/** Where the batches of one shape come from. */
export interface BatchShape {
  /** Sequences. */
  batch: number;
  /** Tokens of each. */
  time: number;
  /** Questions asked; the others of the batch are left out. */
  asked: number;
}

export interface SessionBatch {
  shape: BatchShape;
  kind: Int32Array;
  gap: Int32Array;
  price: Int32Array;
  query: Int32Array;
  /** 0 where the token has no product; `known` tells. */
  row: Int32Array;
  known: Float32Array;
  /** Places of the questions in the flattened [batch * time]. */
  place: Int32Array;
  target: Int32Array;
  /** 1 for a question, 0 for filling. */
  weight: Float32Array;
}

/** The shapes that training needs: short sessions must not pay for 64 tokens. */
export function batchShapes(sequences: readonly Sequence[], tokens: number, longest: number): BatchShape[] {
  const times = [8, 16, 32, 64, 128].filter((time) => time < longest).concat(longest);
  const used = new Set(sequences.map(({ length }) => times.find((time) => length <= time) ?? longest));
  // A long sequence cut at a random place leaves pieces of any length.
  if (sequences.some(({ length }) => length > longest)) for (const time of times) used.add(time);
  return times
    .filter((time) => used.has(time))
    .map((time) => {
      const batch = Math.max(1, Math.floor(tokens / time));
      return { batch, time, asked: Math.ceil(batch * time * 0.75) };
    });
}

/** One pass over all sequences, cut at random places where they are too long, in random order. */
export function* epoch(
  sequences: readonly Sequence[],
  shapes: readonly BatchShape[],
  random: Random,
): Generator<SessionBatch> {
  const longest = shapes.at(-1)!.time;
  const pieces = shapes.map(() => [] as Piece[]);
  for (const sequence of sequences) {
    for (const piece of piecesOf(sequence, longest, random)) {
      pieces[shapes.findIndex(({ time }) => piece.to - piece.from <= time)]!.push(piece);
    }
  }
  const batches = pieces.flatMap((of, s) => grouped(shuffle(of, random), shapes[s]!));
  for (const { shape, members } of shuffle(batches, random)) yield fill(shape, members);
}

interface Piece {
  sequence: Sequence;
  from: number;
  to: number;
}

function piecesOf(sequence: Sequence, longest: number, random: Random): Piece[] {
  const pieces: Piece[] = [];
  const { length } = sequence;
  for (let from = 0, to = length <= longest ? length : 1 + random.int(longest); from < length; ) {
    pieces.push({ sequence, from, to });
    from = to;
    to = Math.min(length, to + longest);
  }
  return pieces;
}

function grouped(pieces: Piece[], shape: BatchShape): { shape: BatchShape; members: Piece[] }[] {
  const out: { shape: BatchShape; members: Piece[] }[] = [];
  let asked = Number.POSITIVE_INFINITY;
  for (const piece of pieces) {
    const questions = countQuestions(piece);
    if (questions === 0) continue;
    let last = out.at(-1);
    if (last === undefined || last.members.length === shape.batch || asked + questions > shape.asked) {
      last = { shape, members: [] };
      out.push(last);
      asked = 0;
    }
    last.members.push(piece);
    asked += questions;
  }
  return out;
}

function countQuestions({ sequence, from, to }: Piece): number {
  let count = 0;
  for (let t = from; t < to; t++) if (sequence.target[t]! >= 0) count++;
  return count;
}

function fill(shape: BatchShape, members: readonly Piece[]): SessionBatch {
  const size = shape.batch * shape.time;
  const out: SessionBatch = {
    shape,
    kind: new Int32Array(size),
    gap: new Int32Array(size),
    price: new Int32Array(size),
    query: new Int32Array(size * QUERY_SLOTS),
    row: new Int32Array(size),
    known: new Float32Array(size),
    place: new Int32Array(shape.asked),
    target: new Int32Array(shape.asked),
    weight: new Float32Array(shape.asked),
  };
  let asked = 0;
  members.forEach(({ sequence, from, to }, b) => {
    const at = b * shape.time;
    out.kind.set(sequence.kind.subarray(from, to), at);
    out.gap.set(sequence.gap.subarray(from, to), at);
    out.price.set(sequence.price.subarray(from, to), at);
    out.query.set(sequence.query.subarray(from * QUERY_SLOTS, to * QUERY_SLOTS), at * QUERY_SLOTS);
    for (let t = from; t < to; t++) {
      const row = sequence.row[t]!;
      if (row >= 0) {
        out.row[at + t - from] = row;
        out.known[at + t - from] = 1;
      }
      // A piece may hold more questions than a batch asks; those beyond are left to another epoch's cut.
      if (sequence.target[t]! < 0 || asked === shape.asked) continue;
      out.place[asked] = at + t - from;
      out.target[asked] = sequence.target[t]!;
      out.weight[asked++] = 1;
    }
  });
  return out;
}
