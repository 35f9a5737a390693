/**
 * A worker that runs any browser engine on the files of a case: the answers that parity is measured on, and the
 * times of the decide bench.
 */

import type { Engine } from '../../shared/engine.ts';
import type { SessionInput } from '../../shared/features/sequence.ts';
import { compileIntegerKernels, hasRelaxedSimd } from '../../shared/kernels/compile-integers.ts';
import { type EngineMeta, engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import { type OrtRuntime, ortEngine } from '../../shared/kernels/ort-engine.ts';
import { textEngine } from '../../shared/kernels/text-engine.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import { readTensors } from '../../shared/tensors.ts';

/** Served beside the worker: first.safetensors, text.safetensors, session.onnx, head.onnx, text.onnx, ort/. */
export interface OpenEngine {
  do: 'open';
  engine: 'kernels' | 'kernels-plain' | 'ort-wasm' | 'ort-jspi' | 'ort-asyncify';
  meta: EngineMeta;
  text?: TextEncoderConfig;
}

export interface Question {
  session?: SessionInput;
  /** Appended to the session's state. */
  context?: Float32Array;
  actions?: Float32Array;
  count?: number;
  tokens?: Int32Array;
}

export interface Answer {
  state?: number[];
  q?: number[];
  vector?: number[];
}

/** Each question is asked `rounds` times; `ms` holds every time, the answers those of the last round. */
export interface AskEngine {
  do: 'ask';
  questions: Question[];
  rounds: number;
}

export interface Asked {
  answers: Answer[];
  ms: number[];
}

const BUILDS = {
  'ort-wasm': { path: '/ort/ort.wasm.min.mjs', tier: 'ort-wasm', provider: 'wasm' },
  'ort-jspi': { path: '/ort/ort.jspi.min.mjs', tier: 'ort-webgpu', provider: 'webgpu' },
  'ort-asyncify': { path: '/ort/ort.webgpu.min.mjs', tier: 'ort-webgpu', provider: 'webgpu' },
} as const;

let engine: Engine;

self.onmessage = async ({ data }: MessageEvent<OpenEngine | AskEngine>) => {
  try {
    self.postMessage(data.do === 'open' ? await open(data) : await ask(data));
  } catch (error) {
    self.postMessage({ error: String(error instanceof Error ? error.stack : error) });
  }
};

async function open({ engine: kind, meta, text }: OpenEngine): Promise<{ relaxed: boolean }> {
  engine?.dispose();
  const tensors = readTensors(await fetched('first.safetensors'));
  if (kind !== 'kernels' && kind !== 'kernels-plain') {
    const { path, tier, provider } = BUILDS[kind];
    const ort = await import(/* @vite-ignore */ path);
    // Shops are rarely cross-origin isolated, so one thread is what there is.
    Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: '/ort/' });
    const files = { session: await fetched('session.onnx'), head: await fetched('head.onnx') };
    const opened = await ortEngine(ort as OrtRuntime, meta, tensors, files, {
      tier,
      sessionOptions: { executionProviders: [provider] },
    });
    if (text !== undefined) await opened.loadText(text, await fetched('text.onnx'));
    engine = opened;
  } else {
    const modules = await compileIntegerKernels(kind === 'kernels' && hasRelaxedSimd());
    engine = await engineFromFirst(meta, tensors, modules);
    if (text !== undefined) {
      const tensors = readTensors(await fetched('text.safetensors'));
      Object.assign(engine, await textEngine(text, tensors, modules));
    }
  }
  return { relaxed: hasRelaxedSimd() };
}

async function ask({ questions, rounds }: AskEngine): Promise<Asked> {
  const ms: number[] = [];
  let answers: Answer[] = [];
  for (let round = 0; round < rounds; round++) {
    answers = [];
    for (const question of questions) {
      const start = performance.now();
      const answer = await answerTo(question);
      ms.push(performance.now() - start);
      answers.push(
        Object.fromEntries(Object.entries(answer).map(([name, values]) => [name, [...values]])) as Answer,
      );
    }
  }
  return { answers, ms };
}

async function answerTo(question: Question): Promise<Record<string, Float32Array>> {
  const { session, actions, count, tokens } = question;
  const answer: Record<string, Float32Array> = {};
  if (session !== undefined) answer['state'] = await engine.encodeSession(session);
  if (actions !== undefined) {
    const context = question.context ?? new Float32Array(0);
    const state = new Float32Array((answer['state']?.length ?? 0) + context.length);
    state.set(answer['state'] ?? []);
    state.set(context, answer['state']?.length ?? 0);
    answer['q'] = await engine.score(state, actions, count!);
  }
  if (tokens !== undefined) answer['vector'] = await engine.encodeText!(tokens);
  return answer;
}

async function fetched(path: string): Promise<Uint8Array> {
  const response = await fetch(`/${path}`);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
