/**
 * The bundle's ONNX files on ONNX Runtime: tiers `ort-wasm`, `ort-webgpu` and `ort-node`. The runtime is an argument:
 * `onnxruntime-web/wasm` in a worker (never the default or /all builds, which bring the old WebGPU backend and are
 * wrong in silence), `onnxruntime-node` in the trainer.
 */

import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Engine, Tier } from '../engine.ts';
import { BadInput } from '../errors.ts';
import type { SessionInput } from '../features/sequence.ts';
import { QUERY_SLOTS } from '../features/vocabulary.ts';
import type { TextEncoderConfig } from '../models/text-encoder.ts';
import { requireSafeModel } from '../onnx/require-safe-model.ts';
import type { Tensors } from '../tensors.ts';
import { checkInput, checkScore, checkTokens } from './check-input.ts';
import type { EngineMeta } from './kernel-engine.ts';
import { copyVector, type ProductTable, productTable } from './product-table.ts';

/** What is used of the runtime; both packages have it. */
export interface OrtRuntime {
  Tensor: new (
    type: 'float32' | 'int32',
    data: Float32Array | Int32Array,
    shape: readonly number[],
  ) => Tensor;
  InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
}

/** Roles `session-onnx`, `head-onnx` and `text-onnx` of a bundle. */
export interface OnnxFiles {
  session?: Uint8Array;
  head?: Uint8Array;
  text?: Uint8Array;
}

export interface OrtOptions {
  tier: Extract<Tier, `ort-${string}`>;
  sessionOptions?: InferenceSession.SessionOptions;
}

export interface OrtEngine extends Engine {
  /** Takes the text encoder of the idle group. */
  loadText(config: TextEncoderConfig, onnx: Uint8Array): Promise<void>;
}

/**
 * Left alone, onnxruntime 1.30 fuses DequantizeLinear and MatMul into products that round the activations to int8 too:
 * off by 2 to 4 hundredths where int8 weights alone cost nothing against the kernels.
 */
const EXACT = { session: { disable_quant_qdq: '1' } } as const;

type Run = (feeds: Record<string, Tensor>) => Promise<Float32Array>;

/**
 * An engine for a bundle's ONNX files and the product table of its tensors; absent parts as in engineFromFirst.
 * @throws BadInput for a product table that does not fit; what the runtime throws for a file that it refuses
 */
export async function ortEngine(
  ort: OrtRuntime,
  meta: EngineMeta,
  tensors: Tensors,
  files: OnnxFiles,
  { tier, sessionOptions = {} }: OrtOptions,
): Promise<OrtEngine> {
  const runner = oneAtATime(ort, { ...sessionOptions, extra: EXACT });
  const session = files.session && (await runner.open(files.session, 'state'));
  const head = files.head && (await runner.open(files.head, 'q'));
  const products = productTable(meta.session === undefined ? {} : tensors, meta.session?.productWidth ?? 0);
  const engine: OrtEngine = {
    tier,
    async encodeSession(input) {
      if (meta.session === undefined || session === undefined) return new Float32Array(0);
      checkInput(input, meta.session);
      if (input.length === 0) return new Float32Array(meta.session.width);
      return session(sessionFeeds(ort, input, products));
    },
    async score(state, actions, count) {
      checkScore(head && meta.head, state, actions, count);
      if (count === 0) return new Float32Array(0);
      return head!({
        state: new ort.Tensor('float32', state, [1, state.length]),
        actions: new ort.Tensor('float32', actions, [count, actions.length / count]),
      });
    },
    async loadText(config, onnx) {
      const run = await runner.open(onnx, 'vector');
      engine.encodeText = (tokens) => encodeText(ort, config, run, tokens);
    },
    dispose: runner.close,
  };
  return engine;
}

function sessionFeeds(ort: OrtRuntime, input: SessionInput, products: ProductTable): Record<string, Tensor> {
  const { length } = input;
  const vectors = new Float32Array(length * products.width);
  for (let t = 0; t < length; t++) copyVector(products, input, t, vectors, t * products.width);
  const integers = (values: Int32Array, ...shape: number[]): Tensor =>
    new ort.Tensor(
      'int32',
      values
        .subarray(
          0,
          shape.reduce((a, b) => a * b),
        )
        .slice(),
      shape,
    );
  return {
    kind: integers(input.kind, 1, length),
    gap: integers(input.gap, 1, length),
    price: integers(input.price, 1, length),
    query: integers(input.query, 1, length, QUERY_SLOTS),
    product: new ort.Tensor('float32', vectors, [1, length, products.width]),
    last: new ort.Tensor('int32', Int32Array.of(length - 1), [1]),
  };
}

async function encodeText(
  ort: OrtRuntime,
  config: TextEncoderConfig,
  run: Run,
  tokens: Int32Array,
): Promise<Float32Array> {
  checkTokens(tokens, config.vocabulary);
  const cut = tokens.slice(0, config.length);
  if (cut.length === 0) return new Float32Array(config.vectorWidth);
  return run({
    tokens: new ort.Tensor('int32', cut, [1, cut.length]),
    length: new ort.Tensor('int32', Int32Array.of(cut.length), [1]),
  });
}

/** Two runs at once freeze the native WebGPU build, so every run of an engine waits for the one before. */
function oneAtATime(ort: OrtRuntime, options: InferenceSession.SessionOptions) {
  const open: InferenceSession[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const queue = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
  return {
    async open(model: Uint8Array, output: string): Promise<Run> {
      requireSafeModel(model, `the graph of ${output}`);
      const session = await ort.InferenceSession.create(model, options);
      open.push(session);
      return (feeds) =>
        queue(async () => {
          const tensor = (await session.run(feeds))[output];
          if (tensor === undefined) throw new BadInput({ field: output }, 'an output of this name', 'none');
          return (tensor.data as Float32Array).slice();
        });
    },
    close(): void {
      void queue(async () => Promise.all(open.splice(0).map((session) => session.release())));
    },
  };
}
