import { describe, expect, it } from 'vitest';
import { productText } from '../../../shared/features/profile-text.ts';
import { hash32, seeded } from '../../../shared/random.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { lessonsOf } from '../../../trainer-server/encoders/teacher/lessons.ts';
import { along, principalDirections } from '../../../trainer-server/encoders/teacher/principal-directions.ts';
import type { Teacher } from '../../../trainer-server/encoders/teacher/teacher.ts';
import { ringDataset, smallTraining } from '../../helpers/ring-shop.ts';

const WIDTH = 24;

/** Says that texts are alike by the words that they share, whatever behaviour says. */
const wordTeacher: Teacher = {
  width: WIDTH,
  encode: async (texts) =>
    Float32Array.from(
      texts.flatMap((text) => {
        const vector = new Array<number>(WIDTH).fill(0);
        for (const word of text.toLowerCase().split(/\W+/)) vector[hash32(word) % WIDTH]! += 1;
        return vector.map((x) => x / Math.hypot(...vector));
      }),
    ),
  close: async () => undefined,
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('principalDirections', () => {
  it('finds the axes along which the vectors lie, the longest first', () => {
    // Second moments 9 along the third axis, 4 along the first, 1 along the second.
    const vectors = Float32Array.of(0, 0, 3, 2, 0, 0, 0, 1, 0);
    const directions = principalDirections(vectors, 3, 3, seeded('axes'));
    const expected = [
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ];
    expected.forEach((axis, k) => {
      expect(Math.abs(dot(directions.subarray(3 * k, 3 * k + 3), axis))).toBeCloseTo(1, 4);
    });
  });

  it('keeps inner products where the vectors lie in as many dimensions', () => {
    const random = seeded('plane');
    const [u, v] = [0, 1].map(() => Array.from({ length: 6 }, () => random.normal()));
    const rows = Array.from({ length: 20 }, () => {
      const [a, b] = [random.normal(), random.normal()];
      return u!.map((x, i) => a * x + b * v![i]!);
    });
    const vectors = Float32Array.from(rows.flat());
    const found = along(vectors, 6, principalDirections(vectors, 6, 4, random), 4);
    rows.forEach((row, r) => {
      expect(dot(found.subarray(0, 4), found.subarray(4 * r, 4 * r + 4))).toBeCloseTo(dot(rows[0]!, row), 3);
    });
  });

  it('has no direction where there is nothing left', () => {
    const directions = principalDirections(Float32Array.of(1, 0, 2, 0), 2, 2, seeded('line'));
    expect([...directions.subarray(2)]).toEqual([0, 0]);
  });
});

describe('lessonsOf', () => {
  const options = { ...smallTraining('lessons'), deadline: () => 100 };

  it('asks a small catalogue in parts too, for searches are shorter than products', async () => {
    const { texts, targets } = await lessonsOf(wordTeacher, ['a tall blue mug of stone'], 8, options);
    expect(texts).toContain('a tall blue mug of stone');
    expect(texts.filter((text) => text.split(' ').length < 3).length).toBeGreaterThan(3);
    expect(targets).toHaveLength(8 * texts.length);
  });

  it('asks everything where time is no matter', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `${i}`);
    const { texts } = await lessonsOf(wordTeacher, many, 8, smallTraining('lessons'));
    expect([...texts].sort()).toEqual([...many].sort());
  });

  it('ends with what it has when its time is up', async () => {
    let left = 100;
    const many = Array.from({ length: 1000 }, (_, i) => `product ${i}`);
    const { texts, targets } = await lessonsOf(wordTeacher, many, 8, {
      ...options,
      deadline: () => (left -= 5),
    });
    expect(texts.length).toBeLessThan(400);
    expect(targets).toHaveLength(8 * texts.length);
  });
});

describe('a text encoder with a teacher', () => {
  it('finds alike what the teacher finds alike, at the nested widths too', async () => {
    const options = smallTraining('taught');
    const text = {
      ...options.text!,
      contrastive: { ...options.text!.contrastive, steps: { least: 1, most: 1 } },
      distillation: { ...options.text!.distillation, batch: 16, steps: { least: 150, most: 150 } },
    };
    const { textVectors, catalogue, report } = await trainEncoders(ringDataset(60), {
      ...options,
      only: ['text'],
      text,
      teacher: wordTeacher,
    });
    const told = catalogue.products.map(productText);
    const said = await wordTeacher.encode(told);
    for (const width of [16, 64]) {
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let i = 0; i < told.length; i++) {
        for (let j = 0; j < i; j++) {
          const [x, y] = [i, j].map((row) => textVectors!.subarray(64 * row, 64 * row + width));
          ours.push(dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!)));
          theirs.push(
            dot(said.subarray(WIDTH * i, WIDTH * i + WIDTH), said.subarray(WIDTH * j, WIDTH * j + WIDTH)),
          );
        }
      }
      expect(correlation(ours, theirs)).toBeGreaterThan(0.7);
    }
    expect(report.text_distilLoss).toBeLessThan(0.4);
  }, 60_000);
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (x: readonly number[]): number[] => {
    const mean = x.reduce((s, v) => s + v, 0) / x.length;
    return x.map((v) => v - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}
