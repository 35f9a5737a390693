import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../shared/engine.ts';
import { BadInput } from '../../../shared/errors.ts';
import { compileIntegerKernels } from '../../../shared/kernels/compile-integers.ts';
import type { IntegerModules } from '../../../shared/kernels/integer-kernels.ts';
import { engineFromFirst } from '../../../shared/kernels/kernel-engine.ts';
import { textEngine } from '../../../shared/kernels/text-engine.ts';
import { unpackParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import { DEFAULT_SIZE, type EngineCase, randomCase } from '../../helpers/engine-case.ts';
import { randomSession } from '../../helpers/random-session.ts';
import { engineContract } from './engine-contract.ts';

let modules: IntegerModules;
beforeAll(async () => {
  modules = await compileIntegerKernels();
});

const SIZE = { ...DEFAULT_SIZE, rows: 20, text: { ...DEFAULT_SIZE.text, vocabulary: 300 } };
const defaultCase = (): EngineCase => randomCase(SIZE, seeded('case'));

const create = async (of: EngineCase): Promise<Engine> => {
  const engine = await engineFromFirst(of, of.first, modules);
  return { ...engine, ...(await textEngine(of.text, of.texts, modules)) };
};

engineContract('kernel engine', { create, tolerance: 2e-5, textCosine: 0.995 });

describe('kernel engine', () => {
  it('runs tensors that are float32 as it runs the integers that they were, whatever their columns', async () => {
    const head = { ...SIZE.head, trunk: 23, hidden: 20 };
    const of = randomCase({ ...SIZE, head }, seeded('float32'));
    const [packed, plain] = await Promise.all(
      [of.first, unpackParameters(of.first)].map((tensors) => engineFromFirst(of, tensors, modules)),
    );
    const input = randomSession(9, 5, seeded(5));
    expect(await plain!.encodeSession(input)).toEqual(await packed!.encodeSession(input));
    const state = new Float32Array(of.head.sessionWidth + of.head.contextWidth).fill(0.1);
    const actions = Float32Array.from({ length: 3 * of.head.actionWidth }, (_, i) => Math.sin(i));
    expect(await plain!.score(state, actions, 3)).toEqual(await packed!.score(state, actions, 3));
  });

  it('has empty states without a session encoder, and refuses to score without a head', async () => {
    const { first, session } = defaultCase();
    const engine = await engineFromFirst({}, first, modules);
    expect((await engine.encodeSession(randomSession(3, 5, seeded(2)))).length).toBe(0);
    await expect(engine.score(new Float32Array(0), new Float32Array(0), 0)).rejects.toThrow(/Q head/);
    expect(engine.encodeText).toBeUndefined();
    expect((await engineFromFirst({ session }, first, modules)).tier).toBe('kernels');
  });

  it('refuses input that does not fit: length, symbols, widths, tokens', async () => {
    const of = defaultCase();
    const engine = await create(of);
    const session = (change: (input: ReturnType<typeof randomSession>) => void) => {
      const input = randomSession(4, 5, seeded(3));
      change(input);
      return engine.encodeSession(input);
    };
    await expect(engine.encodeSession(randomSession(65, 5, seeded(4)))).rejects.toThrow(/at most 64/);
    await expect(session(({ kind }) => kind.fill(99))).rejects.toThrow(/kind: .*below/);
    await expect(session(({ query }) => query.fill(-3))).rejects.toThrow(/query: .*below/);
    await expect(engine.score(new Float32Array(3), new Float32Array(56), 1)).rejects.toThrow(/state/);
    await expect(engine.encodeText!(Int32Array.of(1, 300))).rejects.toThrow(/below 300/);
    await expect(session(() => {})).resolves.toHaveLength(64);
  });
});

describe('hostile bundles', () => {
  const refused = async (change: (of: EngineCase) => void): Promise<unknown> => {
    const of = structuredClone(defaultCase());
    change(of);
    return create(of).then(
      () => 'accepted',
      (error: unknown) => error,
    );
  };

  it.each<[string, (of: EngineCase) => void]>([
    ['a width of a billion', ({ session }) => (session.width = 1e9)],
    ['a width that is a text', ({ session }) => (session.width = '64' as unknown as number)],
    ['a fraction of a layer', ({ session }) => (session.layers = 1.5)],
    ['heads that do not divide the width', ({ session }) => (session.heads = 3)],
    ['more rows of positions than the tensor holds', ({ session }) => (session.length = 65)],
    ['a missing tensor', ({ first }) => delete first['session.l1.ff2.w']],
    ['a missing scale', ({ first }) => delete first['session.l1.ff2.w.scale']],
    ['a scale that is not a number', ({ first }) => first['head.s1.w.scale']!.data.fill(Number.NaN)],
    ['a bias that is not a number', ({ first }) => first['session.l0.ff1.b']!.data.fill(Number.NaN)],
    [
      'a scale for other products',
      ({ first }) => (first['products.scale'] = first['session.l0.qkv.w.scale']!),
    ],
    ['products of another width', ({ first }) => (first['products'] = first['session.query']!)],
    ['a transposed matrix', ({ first }) => (first['session.l0.ff1.w'] = first['session.l0.ff2.w']!)],
    [
      'weights of another kind',
      ({ first }) => (first['head.unit'] = { shape: [2], data: new Int32Array(2) }),
    ],
    ['a vocabulary beyond its table', ({ text }) => (text.vocabulary = 301)],
    ['a text encoder beyond the memory', (of) => enlarge(of)],
  ])('are refused: %s', async (_name, change) => {
    expect(await refused(change)).toBeInstanceOf(BadInput);
  });
});

/** Shapes that hold together, of 16 layers of 512 x 2048: more than the memory that an engine may take. */
function enlarge(of: EngineCase): void {
  Object.assign(of.text, { layers: 16, width: 512, heads: 8, inner: 2048 });
  const blank = (shape: number[]) => ({ shape, data: new Int8Array(shape.reduce((a, b) => a * b, 1)) });
  const ones = (count: number) => ({ shape: [count], data: new Float32Array(count).fill(1) });
  const put = (name: string, shape: [number, number], scales: number): void => {
    of.texts[name] = blank(shape);
    of.texts[`${name}.scale`] = ones(scales);
  };
  put('text.token', [300, 512], 300);
  put('text.position', [64, 512], 64);
  put('text.project', [512, 64], 64);
  for (const name of ['text.lnf.g', 'text.lnf.b']) of.texts[name] = ones(512);
  for (let l = 0; l < 16; l++) {
    for (const [part, rows, columns] of [
      ['qkv', 512, 1536],
      ['out', 512, 512],
      ['ff1', 512, 2048],
      ['ff2', 2048, 512],
    ] as const) {
      put(`text.l${l}.${part}.w`, [rows, columns], columns);
      of.texts[`text.l${l}.${part}.b`] = ones(columns);
    }
    for (const norm of ['ln1.g', 'ln1.b', 'ln2.g', 'ln2.b']) of.texts[`text.l${l}.${norm}`] = ones(512);
  }
}
