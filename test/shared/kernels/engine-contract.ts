/** What every engine must do, whatever runs it. Expectations come from the float64 networks of test/helpers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../shared/engine.ts';
import { emptySession } from '../../../shared/features/sequence.ts';
import { unpackParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import { type CaseSize, type EngineCase, randomCase } from '../../helpers/engine-case.ts';
import { randomSession } from '../../helpers/random-session.ts';
import { referenceHead, referenceSession, referenceText } from '../../helpers/reference-networks.ts';

export interface EngineUnderTest {
  create(of: EngineCase): Promise<Engine>;
  /** Largest difference of a number of magnitude 1. */
  tolerance: number;
  /** Least cosine between text vectors; undefined where the engine has no text encoder. */
  textCosine?: number;
}

const ROWS = 20;

/** [layers, width, heads, inner, product width, hidden width of the head, context width] */
const SIZES = {
  'the default sizes': sized(2, 64, 2, 256, 64, 64, 45),
  'one narrow layer': sized(1, 24, 3, 40, 10, 20, 0),
  'three wide layers': sized(3, 96, 4, 384, 33, 33, 7),
};

export function engineContract(name: string, { create, tolerance, textCosine }: EngineUnderTest): void {
  for (const [size, of] of Object.entries(SIZES)) {
    describe(`${name}, ${size}`, () => {
      const random = seeded(`contract/${size}`);
      const given = randomCase(of, random);
      const parameters = unpackParameters(given.first);
      const products = rowsOf(unpackParameters(given.first)['products']!.data, given.session.productWidth);
      let engine: Engine;
      beforeAll(async () => {
        engine = await create(given);
      });
      afterAll(() => engine.dispose());

      it.each([1, 2, 5, 63, 64])('encodes a session of %i tokens', async (length) => {
        const input = randomSession(length, ROWS, random);
        const expected = referenceSession(given.session, parameters, input, products);
        expectClose(await engine.encodeSession(input), expected, tolerance);
      });

      it('gives zeros for an empty session', async () => {
        expect(await engine.encodeSession(emptySession(0))).toEqual(new Float32Array(given.session.width));
      });

      it('takes a row that the table does not have for no product', async () => {
        const [known, unknown] = [randomSession(6, ROWS, random), emptySession(6)];
        Object.assign(unknown, { ...known, row: known.row.map((row) => (row < 0 ? ROWS + 5 : row)) });
        const expected = referenceSession(given.session, parameters, known, products);
        expectClose(await engine.encodeSession(unknown), expected, tolerance);
      });

      it('reads the vector that a page showed of a product without a row, as soon as it is here', async () => {
        const input = randomSession(6, ROWS, random);
        const { productWidth: width } = given.session;
        const [{ data }, scale] = [given.first['products']!, given.first['products.scale']!];
        const vectorOf = (row: number) => ({
          int8: [...data.subarray(row * width, (row + 1) * width)],
          scale: scale.data[row]!,
        });
        const shown = new Map(
          [...input.row].flatMap((row, t) => (row < 0 ? [] : [[t, vectorOf(row)] as const])),
        );
        const unknown = { ...input, row: input.row.map(() => -1) };
        const without = await engine.encodeSession(unknown);
        const expected = referenceSession(given.session, parameters, input, products);
        expectClose(await engine.encodeSession({ ...unknown, shown }), expected, tolerance);
        const wide = new Map([...shown].map(([t, { int8, scale }]) => [t, { int8: [...int8, 1], scale }]));
        expectClose(await engine.encodeSession({ ...unknown, shown: wide }), [...without], tolerance);
      });

      it('gives the same state whatever it encoded before', async () => {
        const whole = randomSession(12, ROWS, random);
        const fresh = await create(given);
        const alone = await fresh.encodeSession(whole);
        fresh.dispose();
        for (const length of [11, 12, 4, 12]) {
          const other = { ...whole, length, kind: whole.kind.slice(0, length) };
          if (length === 4) other.kind[2] = (other.kind[2]! % 5) + 1;
          await engine.encodeSession(other);
        }
        expectClose(await engine.encodeSession(whole), [...alone], tolerance / 10);
      });

      it.each([1, 2, 7, 60])('scores %i promotions', async (count) => {
        const width = given.head.actionWidth;
        const actions = Float32Array.from({ length: count * width }, () => random.normal());
        const state = Float32Array.from({ length: of.session.width + of.head.contextWidth }, () =>
          random.normal(),
        );
        const expected = referenceHead(given.head, parameters, [...state], rowsOf(actions, width));
        const unit = Math.abs(parameters['head.unit']!.data[1]!);
        expectClose(await engine.score(state, actions, count), expected, tolerance * unit);
      });

      if (textCosine !== undefined) {
        it.each([1, 3, 17, 64])('encodes a text of %i tokens', async (length) => {
          const tokens = Int32Array.from({ length }, () => random.int(given.text.vocabulary));
          const expected = referenceText(given.text, unpackParameters(given.texts), tokens);
          const vector = await engine.encodeText!(tokens);
          expect(cosine([...vector], expected)).toBeGreaterThan(textCosine);
          expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        });

        it('gives zeros for a text without tokens', async () => {
          const vector = await engine.encodeText!(new Int32Array(0));
          expect(vector).toEqual(new Float32Array(given.text.vectorWidth));
        });

        it('reads a long text up to its length', async () => {
          const tokens = Int32Array.from({ length: 80 }, () => random.int(given.text.vocabulary));
          const cut = await engine.encodeText!(tokens.slice(0, given.text.length));
          expect(await engine.encodeText!(tokens)).toEqual(cut);
        });
      }
    });
  }
}

function sized(
  ...[layers, width, heads, inner, productWidth, hidden, contextWidth]: [
    ...Parameters<typeof transformer>,
    productWidth: number,
    hidden: number,
    contextWidth: number,
  ]
): CaseSize {
  const body = transformer(layers, width, heads, inner);
  return {
    session: { ...body, productWidth },
    text: { ...body, vocabulary: 300, vectorWidth: productWidth },
    head: { sessionWidth: width, contextWidth, actionWidth: 31, trunk: hidden + 3, hidden },
    rows: ROWS,
  };
}

function transformer(layers: number, width: number, heads: number, inner: number) {
  return { layers, width, heads, inner, length: 64 };
}

function expectClose(found: Float32Array, expected: readonly number[], tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const worst = expected.reduce((most, value, i) => {
    const difference = Math.abs(value - found[i]!) / Math.max(1, Math.abs(value) / 4);
    return Math.max(most, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }, 0);
  expect(worst).toBeLessThan(tolerance);
}

function rowsOf(data: Float32Array, width: number): number[][] {
  return Array.from({ length: data.length / width }, (_, row) => [
    ...data.slice(row * width, (row + 1) * width),
  ]);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
