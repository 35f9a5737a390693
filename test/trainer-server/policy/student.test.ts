import { describe, expect, it } from 'vitest';
import { Q_HEAD } from '../../../shared/models/q-head.ts';
import { seeded } from '../../../shared/random.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { headOf, type PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { POLICY_OPTIONS } from '../../../trainer-server/policy/policy-options.ts';
import { predict, predictionsOf } from '../../../trainer-server/policy/predict.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { type Lesson, spreadOf, trainStudent } from '../../../trainer-server/policy/student.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { NO_CHECKPOINTS } from '../../../trainer-server/training-options.ts';
import { trial, trueReward } from '../../helpers/trials.ts';

const UNIT = { offset: 0, scale: 1 };

/** What is true of 600 shoppers, where the highest price makes costs, which are noise, a hundred times what is earned. */
function lessonOf() {
  const dataset = trial({ count: 600, seed: 4 });
  const spec = fitSpec(dataset);
  const { data } = preparePolicyData(dataset, spec);
  const random = seeded('costs');
  const reward = Float64Array.from(data.promotion, (p, row) => {
    const i = data.offsets.findIndex((from) => from > row) - 1;
    return trueReward(String(dataset.decisions[i]!.attributes!.taste), data.promotions[p]!);
  });
  const budget = {
    cost: new Float64Array(data.promotions.length),
    excess: Float32Array.from(reward, () => random.normal()),
    most: 10,
    curve: [],
  };
  const lesson: Lesson = { teacher: predictionsOf(data, reward, UNIT), budget, unit: UNIT };
  return { data, ids: spec.promotions.length, lesson };
}

describe('the student', () => {
  it('is told how far apart the lessons of each price are', () => {
    // Two decisions of two promotions: own costs lie 2 and 1 to either side of their means, 2 and 1.
    const data = { count: 2, offsets: Int32Array.of(0, 2, 4) } as PolicyData;
    const level = Float32Array.of(0, 3);
    const teacher = { value: level, level, advantage: Float32Array.of(1, -1, 2, -2) };
    const budget = { cost: new Float64Array(2), excess: Float32Array.of(4, 0, 0, 2), most: 1, curve: [] };
    const spread = spreadOf(data, { teacher, budget, unit: UNIT });
    // At 0.3 levels are -0.6 and 2.7, advantages 0.4 and 2.3 to either side of nothing.
    expect(spread(0.3).level).toBeCloseTo((3.3 / 2) ** 2, 5);
    expect(spread(0.3).advantage).toBeCloseTo((0.4 ** 2 + 2.3 ** 2) / 2, 5);
    // A lesson without prices is the same at each.
    const free = spreadOf(data, { teacher, budget: undefined, unit: UNIT })(0.7);
    expect(free.level).toBeCloseTo(1.5 ** 2, 5);
    expect(free.advantage).toBeCloseTo((1 + 4) / 2, 5);
  });

  it('learns what is earned at no price, however much costs come to at the highest', async () => {
    const { data, ids, lesson } = lessonOf();
    const head = headOf(data);
    const config = { ...head, ...Q_HEAD, contextWidth: head.contextWidth + 1 };
    const training = {
      ...{ device: 'cpu' as const, random: seeded('student'), progress: SILENT, checkpoints: NO_CHECKPOINTS },
      ...{ signal: new AbortController().signal, deadline: () => 600 },
    };
    const options = { ...POLICY_OPTIONS, batch: 64, studentLeastSteps: 300 };
    const parameters = await trainStudent(data, ids, config, lesson, training, options);
    const { advantage } = await predict([parameters], config, ids, data, undefined, 0);
    const squares = (of: (row: number) => number): number =>
      advantage.reduce((sum, _, row) => sum + of(row) ** 2, 0);
    const taught = lesson.teacher.advantage;
    expect(squares((row) => advantage[row]! - taught[row]!)).toBeLessThan(
      0.1 * squares((row) => taught[row]!),
    );
  });
});
