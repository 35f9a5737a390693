/** What every engine must do, whatever runs it. Expectations come from the float64 networks of test/helpers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../shared/engine.ts';
import { emptySession } from '../../../shared/features/sequence.ts';
import { type QHeadConfig, qHeadShapes } from '../../../shared/models/q-head.ts';
import { type SessionEncoderConfig, sessionEncoderShapes } from '../../../shared/models/session-encoder.ts';
import { type TextEncoderConfig, textEncoderShapes } from '../../../shared/models/text-encoder.ts';
import { packParameters, unpackParameters } from '../../../shared/quantize.ts';
import { type Random, seeded } from '../../../shared/random.ts';
import type { Tensors } from '../../../shared/tensors.ts';
import { randomPacked } from '../../helpers/random-parameters.ts';
import { randomSession } from '../../helpers/random-session.ts';
import { referenceHead, referenceSession, referenceText } from '../../helpers/reference-networks.ts';

export interface EngineCase {
  session: SessionEncoderConfig;
  head: QHeadConfig;
  text: TextEncoderConfig;
  /** Packed session encoder, Q head and products. */
  first: Tensors;
  texts: Tensors;
}

export interface EngineUnderTest {
  create(of: EngineCase): Promise<Engine>;
  /** Largest difference of a number of magnitude 1. */
  tolerance: number;
  /** Least cosine between text vectors; undefined where the engine has no text encoder. */
  textCosine?: number;
}

const ROWS = 20;

const SIZES = {
  'the default sizes': { layers: 2, width: 64, heads: 2, inner: 256, product: 64, hidden: 64, context: 45 },
  'one narrow layer': { layers: 1, width: 24, heads: 3, inner: 40, product: 10, hidden: 20, context: 0 },
  'three wide layers': { layers: 3, width: 96, heads: 4, inner: 384, product: 33, hidden: 33, context: 7 },
} as const;

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
        const state = Float32Array.from({ length: of.width + of.context }, () => random.normal());
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

type Size = (typeof SIZES)[keyof typeof SIZES];

export function randomCase(
  of: Size = SIZES['the default sizes'],
  random: Random = seeded('case'),
): EngineCase {
  const { layers, width, heads, inner } = of;
  const session = { layers, width, heads, inner, length: 64, productWidth: of.product };
  const text = { layers, width, heads, inner, length: 64, vocabulary: 300, vectorWidth: of.product };
  const head = {
    sessionWidth: width,
    contextWidth: of.context,
    actionWidth: 31,
    trunk: of.hidden + 3,
    hidden: of.hidden,
  };
  const first = {
    ...randomPacked(sessionEncoderShapes(session), random),
    ...randomPacked(qHeadShapes(head), random),
    ...packParameters({
      products: {
        shape: [ROWS, of.product],
        data: Float32Array.from({ length: ROWS * of.product }, () => random.normal()),
      },
    }),
    'head.unit': { shape: [2], data: Float32Array.of(120, 35) },
  };
  return { session, head, text, first, texts: randomPacked(textEncoderShapes(text), random) };
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
