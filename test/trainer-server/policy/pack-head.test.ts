import { describe, expect, it } from 'vitest';
import { type QHeadConfig, qHeadShapes } from '../../../shared/models/q-head.ts';
import { readHead, scoreHead } from '../../../shared/policy/head.ts';
import { packParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import type { Tensors } from '../../../shared/tensors.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { packHead } from '../../../trainer-server/policy/pack-head.ts';
import { headOf, type PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { randomParameters } from '../../helpers/random-parameters.ts';
import { trial } from '../../helpers/trials.ts';

const UNIT = { 'head.unit': { shape: [2], data: Float32Array.of(0, 1) } };

/** Q of every decision's promotions, its mean taken out: what decides. */
function leads(tensors: Tensors, config: QHeadConfig, data: PolicyData): number[] {
  const head = readHead({ ...tensors, ...UNIT }, config);
  const width = data.sessionWidth + data.contextWidth;
  return Array.from({ length: data.count }, (_, i) => {
    const state = new Float32Array(config.sessionWidth + config.contextWidth);
    state.set(data.states.subarray(i * width, (i + 1) * width));
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    const actions = Float32Array.from(
      Array.from({ length: to - from }, (_, j) => {
        const own = data.promotion[from + j]!;
        const meaning = data.meaning.length / data.promotion.length;
        return [
          ...data.terms.subarray(own * data.termsWidth, (own + 1) * data.termsWidth),
          ...data.meaning.subarray((from + j) * meaning, (from + j + 1) * meaning),
        ];
      }).flat(),
    );
    const q = [...scoreHead(head, state, actions, to - from)];
    const mean = q.reduce((sum, x) => sum + x, 0) / q.length;
    return q.map((x) => x - mean);
  }).flat();
}

const rms = (a: number[], b: number[]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length);

describe('the published head', () => {
  const dataset = trial({ count: 600, seed: 1 });
  const { data } = preparePolicyData(dataset, fitSpec(dataset));

  it.each([0, 1])('has the shapes of a head, with %s inputs for the price of budget', (priced) => {
    const sizes = headOf(data);
    const config = { ...sizes, contextWidth: sizes.contextWidth + priced, trunk: 16, hidden: 16 };
    const parameters = randomParameters(qHeadShapes(config), seeded('shapes'));
    const shapes = (tensors: Tensors) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, { shape, data }]) => [name, [data.constructor.name, ...shape]]),
      );
    expect(shapes(packHead(parameters, config, data))).toEqual(shapes(packParameters(parameters)));
  });

  it('keeps what promotions add, on decisions of others too, better than rounding each weight alone', () => {
    const later = preparePolicyData(trial({ count: 300, seed: 2 }), fitSpec(dataset)).data;
    for (let seed = 0; seed < 5; seed++) {
      const config = { ...headOf(data), trunk: 32, hidden: 32 };
      const parameters = randomParameters(qHeadShapes(config), seeded(seed));
      const exact = leads(parameters, config, later);
      const ours = rms(leads(packHead(parameters, config, data), config, later), exact);
      const alone = rms(leads(packParameters(parameters), config, later), exact);
      expect(ours).toBeLessThan(0.8 * alone);
    }
  });
});
