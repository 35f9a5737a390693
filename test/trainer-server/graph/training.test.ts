import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  type AdamW,
  add,
  crossEntropy,
  dropout,
  linear,
  matmul,
  mean,
  mul,
  type Program,
  square,
  startTraining,
  sub,
  type Training,
} from '../../../trainer-server/graph/index.ts';

const ROWS = 8;
const drawn = (shape: number[], name: string) => {
  const random = seeded(name);
  return {
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  };
};

/** Noisy classification with dropout: every step depends on the masks drawn for it. */
const classifier: Program = {
  parameters: { w: drawn([6, 16], 'w'), b: drawn([16], 'b'), v: drawn([16, 3], 'v') },
  inputs: { x: { dtype: 'f32', shape: [ROWS, 6] }, label: { dtype: 'i32', shape: [ROWS] } },
  loss: (_, p, x) => ({
    loss: crossEntropy(matmul(dropout(linear(x.x!, p.w!, p.b!), 0.3), p.v!), x.label!),
  }),
  optimiser: { weightDecay: 0.1, clipNorm: 0.5 },
  dropoutSeed: 7,
};
const batch = (step: number) => {
  const random = seeded(`batch/${step}`);
  return {
    x: Float32Array.from({ length: ROWS * 6 }, () => random.normal()),
    label: Int32Array.from({ length: ROWS }, () => random.int(3)),
  };
};
const losses = async (training: Training, from: number, to: number): Promise<number[]> => {
  const out: number[] = [];
  for (let step = from; step < to; step++) out.push((await training.step(batch(step), 0.01)).loss);
  return out;
};

/** Least squares towards a target, for closed forms: the gradient of each w is 2 (w - target) / n. */
const towardsTarget = (w: number[], optimiser: Partial<AdamW>): Program => ({
  parameters: { w: { shape: [w.length], data: Float32Array.from(w) } },
  inputs: { target: { dtype: 'f32', shape: [] } },
  loss: (_, p, x) => ({ loss: mean(square(sub(p.w!, x.target!))), outputs: { double: mul(p.w!, 2) } }),
  optimiser,
});
const one = (value: number) => ({ target: Float32Array.of(value) });

describe('training', () => {
  it('moves each parameter by the learning rate at the first step, whatever its gradient', async () => {
    const training = await startTraining(towardsTarget([1, -3, 50], { clipNorm: Number.POSITIVE_INFINITY }), {
      threads: 1,
    });
    const { loss, outputs } = await training.step(one(0), 0.125);
    expect(loss).toBeCloseTo((1 + 9 + 2500) / 3, 2);
    expect([...outputs.double!]).toEqual([2, -6, 100]);
    expect([...(await training.parameters()).w!.data]).toEqual([0.875, -2.875, 49.875]);
    await training.close();
  });

  it('reports the gradient norm before clipping', async () => {
    const training = await startTraining(towardsTarget([3, 4], { clipNorm: 0.1 }), { threads: 1 });
    expect((await training.step(one(0), 0)).gradientNorm).toBeCloseTo(5, 5);
    await training.close();
  });

  it('evaluates without updating and without dropout', async () => {
    const training = await startTraining(classifier, { threads: 1 });
    const before = await training.evaluate(batch(0));
    expect((await training.evaluate(batch(0))).loss).toBe(before.loss);
    expect((await training.step(batch(0), 0.01)).loss).not.toBe(before.loss);
    expect((await training.evaluate(batch(0))).loss).not.toBe(before.loss);
    await training.close();
  });

  it('leaves frozen and unreached parameters alone', async () => {
    const program: Program = {
      ...classifier,
      parameters: { ...classifier.parameters, spare: drawn([2, 2], 'spare') },
      frozen: ['w'],
    };
    const training = await startTraining(program, { threads: 1 });
    await losses(training, 0, 3);
    const after = await training.parameters();
    expect(after.w).toEqual(program.parameters.w);
    expect(after.spare).toEqual(program.parameters.spare);
    expect(after.v).not.toEqual(program.parameters.v);
    await training.close();
  });

  it('shares parameters between programs and counts steps of those that only one trains', async () => {
    const scalar = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
    const program = (own: string): Program => ({
      parameters: { shared: scalar(1), [own]: scalar(1) },
      inputs: {},
      loss: (_, p) => ({ loss: mean(square(add(p.shared!, p[own]!))) }),
      optimiser: { weightDecay: 0, clipNorm: Number.POSITIVE_INFINITY },
    });
    const training = await startTraining({ left: program('a'), right: program('b') }, { threads: 1 });
    for (const name of ['left', 'left', 'right']) await training.step({}, 0.1, name);
    const state = await training.state();
    expect([state['step/shared'], state['step/a'], state['step/b']].map((each) => each!.data[0])).toEqual([
      3, 2, 1,
    ]);
    // Its own first step: bias correction makes it exactly the learning rate.
    expect(state['parameter/b']!.data[0]).toBeCloseTo(0.9, 6);
    await training.close();
  });

  it('runs programs of several batch sizes on one set of parameters', async () => {
    const sized = (rows: number): Program => ({
      ...classifier,
      inputs: { x: { dtype: 'f32', shape: [rows, 6] }, label: { dtype: 'i32', shape: [rows] } },
    });
    const training = await startTraining({ wide: sized(8), narrow: sized(2) }, { threads: 1 });
    await training.step(batch(0), 0.01, 'wide');
    const two = { x: batch(1).x.slice(0, 12), label: batch(1).label.slice(0, 2) };
    await training.step(two, 0.01, 'narrow');
    expect((await training.state())['step/w']!.data[0]).toBe(2);
    await training.close();
  });

  it('trains several models at once, each in a process of its own', async () => {
    const alone = await startTraining(classifier, { threads: 1 });
    const expected = await losses(alone, 0, 4);
    await alone.close();
    const both = await Promise.all([
      startTraining(classifier, { threads: 1 }),
      startTraining(classifier, { threads: 1 }),
    ]);
    expect(both[0]!.pid).not.toBe(both[1]!.pid);
    expect(await Promise.all(both.map((each) => losses(each, 0, 4)))).toEqual([expected, expected]);
    await Promise.all(both.map((each) => each.close()));
  });
});

describe('resuming', () => {
  it('repeats an uninterrupted run loss for loss, after the child was killed', async () => {
    const whole = await startTraining(classifier, { threads: 1 });
    const expected = await losses(whole, 0, 10);
    await whole.close();

    const first = await startTraining(classifier, { threads: 1 });
    const before = await losses(first, 0, 5);
    const saved = await first.state();
    const lost = losses(first, 5, 500);
    process.kill(first.pid!, 'SIGKILL');
    await expect(lost).rejects.toThrow(/ended with SIGKILL. Resume from the last checkpoint/);
    await first.close();

    const second = await startTraining(classifier, { threads: 1 });
    await second.restore(saved);
    expect([...before, ...(await losses(second, 5, 10))]).toEqual(expected);
    await second.close();
  });

  it('refuses a state of another shape, naming the tensor', async () => {
    const training = await startTraining(classifier, { threads: 1 });
    const state = await training.state();
    state['parameter/w'] = { shape: [6, 15], data: new Float32Array(90) };
    await expect(training.restore(state)).rejects.toThrow(
      /parameter\/w: expected shape \[6,16\], found \[6,15\]/,
    );
    await training.close();
  });
});

describe('bad use', () => {
  it('names the feed that does not fit', async () => {
    const training = await startTraining(classifier, { threads: 1 });
    const { x } = batch(0);
    await expect(training.step({ x } as never, 0.1)).rejects.toThrow(
      /label: expected Int32Array of \[8\], found nothing/,
    );
    await expect(training.step({ x, label: new Int32Array(3) }, 0.1)).rejects.toThrow(
      /found Int32Array of 3/,
    );
    await expect(training.step(batch(0), 0.1, 'other')).rejects.toThrow(
      /program: expected one of main, found other/,
    );
    await training.close();
  });

  it('refuses an unknown frozen name and parameters whose shapes disagree', async () => {
    await expect(startTraining({ ...classifier, frozen: ['q'] })).rejects.toThrow(
      /frozen: expected one of w, b, v, found q/,
    );
    const other = { ...classifier, parameters: { ...classifier.parameters, b: drawn([15], 'b') } };
    await expect(startTraining({ one: classifier, two: other })).rejects.toThrow(
      /two.b: expected \[16\], found \[15\]/,
    );
  });

  it('ends at once when its signal aborts', async () => {
    const controller = new AbortController();
    const training = await startTraining(classifier, { threads: 1, signal: controller.signal });
    const running = losses(training, 0, 500);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(startTraining(classifier, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('refuses work after it was closed', async () => {
    const training = await startTraining(classifier, { threads: 1 });
    await training.close();
    await expect(training.step(batch(0), 0.1)).rejects.toThrow('training: closed');
  });
});
