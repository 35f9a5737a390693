import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { type QHeadConfig, qHeadShapes } from '../../../shared/models/q-head.ts';
import { readHead, scoreHead } from '../../../shared/policy/head.ts';
import { seeded } from '../../../shared/random.ts';
import type { Tensors } from '../../../shared/tensors.ts';

const TINY: QHeadConfig = { sessionWidth: 0, contextWidth: 2, actionWidth: 1, trunk: 2, hidden: 1 };

/**
 * By hand, for state (1, -2) and actions 1, 3, offset 10, scale 2:
 * t = relu(1*1 + -2*0 + 0, 1*0 + -2*-1 + 1) = (1, 3); s = relu(1*1 + 3*2 - 3) = 4; V = 4 * 0.5 + 1 = 3
 * a1 = relu(relu(1*2)*1 - 1) = 1; j = relu(4*1 + 1*-1 + 4*1) = 7;  A1 = 7 * 2 = 14
 * a2 = relu(relu(3*2)*1 - 1) = 5; j = relu(4*1 + 5*-1 + 20*1) = 19; A2 = 19 * 2 = 38
 * Q = 10 + 2 * (3 + A - 26) = -8, 40
 */
const TINY_TENSORS: Tensors = {
  'head.s1.w': tensor([2, 2], [1, 0, 0, -1]),
  'head.s1.b': tensor([2], [0, 1]),
  'head.s2.w': tensor([2, 1], [1, 2]),
  'head.s2.b': tensor([1], [-3]),
  'head.a1.w': tensor([1, 1], [2]),
  'head.a1.b': tensor([1], [0]),
  'head.a2.w': tensor([1, 1], [1]),
  'head.a2.b': tensor([1], [-1]),
  'head.j1.w': tensor([3, 1], [1, -1, 1]),
  'head.j1.b': tensor([1], [0]),
  'head.j2.w': tensor([1, 1], [2]),
  'head.j2.b': tensor([1], [0]),
  'head.v.w': tensor([1, 1], [0.5]),
  'head.v.b': tensor([1], [1]),
  'head.unit': tensor([2], [10, 2]),
};

describe('the Q head', () => {
  it('agrees with numbers worked by hand', () => {
    const q = scoreHead(readHead(TINY_TENSORS, TINY), Float32Array.of(1, -2), Float32Array.of(1, 3), 2);
    expect([...q]).toEqual([-8, 40]);
  });

  it('reads packed int8 matrices through the scale of each column', () => {
    const packed: Tensors = {
      ...TINY_TENSORS,
      'head.s1.w': { shape: [2, 2], data: Int8Array.of(100, 0, 0, -127) },
      'head.s1.w.scale': tensor([2], [1 / 100, 1 / 127]),
    };
    const q = scoreHead(readHead(packed, TINY), Float32Array.of(1, -2), Float32Array.of(1, 3), 2);
    expect(q[0]).toBeCloseTo(-8, 4);
    expect(q[1]).toBeCloseTo(40, 4);
  });

  it('takes the dueling mean over the promotions given, so their mean Q is the value of the state', () => {
    const config: QHeadConfig = { sessionWidth: 3, contextWidth: 4, actionWidth: 5, trunk: 8, hidden: 6 };
    const random = seeded('head');
    const tensors: Tensors = { 'head.unit': tensor([2], [0, 1]) };
    for (const [name, shape] of Object.entries(qHeadShapes(config))) {
      const count = shape.reduce((n, d) => n * d, 1);
      tensors[name] = { shape, data: Float32Array.from({ length: count }, () => random.normal()) };
    }
    const head = readHead(tensors, config);
    const state = Float32Array.from({ length: 7 }, () => random.normal());
    const actions = Float32Array.from({ length: 15 }, () => random.normal());
    const mean = (q: Float32Array) => q.reduce((sum, x) => sum + x, 0) / q.length;
    const alone = scoreHead(head, state, actions.subarray(0, 5), 1)[0]!;
    expect(mean(scoreHead(head, state, actions, 3))).toBeCloseTo(alone, 4);
    expect(mean(scoreHead(head, state, actions, 2))).toBeCloseTo(alone, 4);
  });

  it('refuses a tensor of another shape, naming it', () => {
    expect(() => readHead({ ...TINY_TENSORS, 'head.v.w': tensor([2, 1], [1, 2]) }, TINY)).toThrow(BadInput);
    expect(() => readHead({ ...TINY_TENSORS, 'head.v.w': tensor([2, 1], [1, 2]) }, TINY)).toThrow('head.v.w');
  });
});

function tensor(shape: number[], data: number[]) {
  return { shape, data: Float32Array.from(data) };
}
