import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  measureParity,
  type Outputs,
  type ParitySample,
  parityOf,
} from '../../../trainer-server/release/parity.ts';
import { DEFAULT_SIZE, randomCase } from '../../helpers/engine-case.ts';
import { onnxFiles } from '../../helpers/engine-files.ts';
import { randomSession } from '../../helpers/random-session.ts';

const outputs = (...q: number[][]): Outputs[] =>
  q.map((values) => ({ state: Float32Array.of(0.5), q: Float32Array.from(values) }));

describe('parity of a network in several forms', () => {
  it('counts agreement only where the best is clearly best', () => {
    // Sample 2 is a tie (gap 1 of spread 100), so its change of mind does not count; sample 3's does.
    const fp32 = outputs([100, 0, 50], [100, 99, 0], [3, 2, 1]);
    const int8 = outputs([90, 0, 60], [99, 100, 0], [2, 3, 1]);
    expect(parityOf({ fp32, int8, tier0: int8 }, 1).int8_argmax_agreement).toBe(0.5);
  });

  it('weighs a wrong choice by the value that it loses', () => {
    // Choosing 2 instead of 3 loses 1; the best exceed the means by 50 + 1.
    const fp32 = outputs([100, 0, 50], [3, 2, 1]);
    const int8 = outputs([90, 0, 60], [2, 3, 1]);
    expect(parityOf({ fp32, int8, tier0: int8 }, 1).int8_value_loss).toBeCloseTo(1 / 51, 6);
  });

  it('measures errors of Q apart from a shift of all promotions', () => {
    const fp32 = outputs([1, -1]);
    const shifted = outputs([11, 9]);
    expect(parityOf({ fp32, int8: shifted, tier0: shifted }, 1).int8_rel_rms).toBeCloseTo(0, 6);
    const stretched = outputs([1.1, -1.1]);
    expect(parityOf({ fp32, int8: stretched, tier0: stretched }, 1).int8_rel_rms).toBeCloseTo(0.1, 5);
  });

  it('gives the largest difference in the unit of the network', () => {
    const fp32 = outputs([100, 300]);
    const trained = outputs([100, 302]);
    expect(parityOf({ trained, fp32, int8: fp32, tier0: fp32 }, 200).fp32_max_abs).toBeCloseTo(0.01, 6);
    const broken = outputs([100, Number.NaN]);
    expect(parityOf({ fp32, int8: fp32, tier0: broken }, 200).tier0_max_abs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('parity of a bundle', () => {
  const measured = async (sessionWidth: number): Promise<Record<string, number>> => {
    const random = seeded(`parity ${sessionWidth}`);
    const head = { ...DEFAULT_SIZE.head, sessionWidth };
    const of = randomCase({ ...DEFAULT_SIZE, head }, random);
    const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
    const samples: ParitySample[] = [0, 1, 5, 30, 64].map((length) => ({
      session: randomSession(length, of.rows, random),
      context: numbers(head.contextWidth),
      actions: numbers(6 * head.actionWidth),
      count: 6,
    }));
    const fp32 = { ...onnxFiles(of, 'fp32'), products: { products: of.parameters['products']! } };
    return measureParity({ meta: of, tensors: of.first, int8: onnxFiles(of, 'int8'), fp32, samples });
  };

  it.each([DEFAULT_SIZE.session.width, 0])(
    'compares every form, the head reading %i numbers of a session',
    async (width) => {
      const figures = await measured(width);
      // The same int8 weights in float32 arithmetic; against float32 weights int8 must show, and stay small.
      expect(figures['tier0_max_abs']).toBeLessThan(1e-5);
      expect(figures['tier0_argmax_agreement']).toBe(1);
      expect(figures['int8_rel_rms']).toBeGreaterThan(1e-4);
      expect(figures['int8_rel_rms']).toBeLessThan(0.05);
    },
  );

  it('has no figures where there is no head or nothing to compare on', async () => {
    const of = randomCase(DEFAULT_SIZE, seeded('none'));
    const { session, head, first: tensors } = of;
    const sample = { session: randomSession(2, 5, seeded(1)), context: new Float32Array(60) };
    const samples = [{ ...sample, actions: new Float32Array(2 * head.actionWidth), count: 2 }];
    const files = { tensors, int8: {}, fp32: {} };
    expect(await measureParity({ ...files, meta: { session }, samples })).toEqual({});
    expect(await measureParity({ ...files, meta: { session, head }, samples: [] })).toEqual({});
  });
});
