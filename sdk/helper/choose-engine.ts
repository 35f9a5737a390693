/** Which engine runs on this device: the fastest of those that give the right numbers. */

import type { Engine } from '../../shared/engine.ts';
import type { SessionInput } from '../../shared/features/sequence.ts';
import { emptySession } from '../../shared/features/sequence.ts';
import { KIND_COUNT } from '../../shared/features/vocabulary.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { seeded } from '../../shared/random.ts';
import type { Model } from '../model.ts';

/** Of magnitude 1. Weights are the same int8 everywhere; WebGPU sums in another order. */
const TOLERANCE = 1e-3;
/** The first runs compile shaders and grow memories. */
const WARM_RUNS = 2;
const TIMED_RUNS = 5;
const ACTIONS = 8;

type Networks = Pick<Engine, 'encodeSession' | 'score'>;

/**
 * Opens each in turn; plain JavaScript is what they are held to.
 * @param openers what opens an engine; one that cannot be opened or gives other numbers is left out
 * @returns undefined where none is left
 */
export async function chooseEngine(
  openers: readonly (() => Promise<Engine>)[],
  model: Pick<Model, 'meta' | 'tensors'>,
  clock: () => number,
): Promise<Engine | undefined> {
  const probe = probeOf(model);
  const expected = await probe(jsEngineFromFirst(model.meta, model.tensors));
  let best: { engine: Engine; ms: number } | undefined;
  for (const open of openers) {
    const engine = await open().catch(() => undefined);
    const ms = engine && (await trustedTime(engine, probe, expected, clock).catch(() => undefined));
    if (ms !== undefined && ms < (best?.ms ?? Number.POSITIVE_INFINITY)) {
      best?.engine.dispose();
      best = { engine: engine!, ms };
    } else engine?.dispose();
  }
  return best?.engine;
}

/** Milliseconds of a run, the median; undefined for other numbers than the expected ones. */
async function trustedTime(
  engine: Networks,
  probe: (engine: Networks) => Promise<Float32Array>,
  expected: Float32Array,
  clock: () => number,
): Promise<number | undefined> {
  const times: number[] = [];
  for (let run = 0; run < WARM_RUNS + TIMED_RUNS; run++) {
    const began = clock();
    const found = await probe(engine);
    times.push(clock() - began);
    if (!close(found, expected)) return undefined;
  }
  return times.slice(WARM_RUNS).sort((a, b) => a - b)[TIMED_RUNS >> 1];
}

/** NaN is close to nothing. */
function close(found: Float32Array, expected: Float32Array): boolean {
  const near = (value: number, i: number): boolean =>
    Math.abs(found[i]! - value) <= TOLERANCE * Math.max(1, Math.abs(value));
  return found.length === expected.length && expected.every(near);
}

/** A session of full length and a menu, the same on every device: the state, then Q in units of the head's scale. */
function probeOf({ meta, tensors }: Pick<Model, 'meta' | 'tensors'>) {
  const random = seeded('golden probe');
  const normal = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const { session, head } = meta;
  const input = session === undefined ? emptySession(0) : probeSession(session.length);
  const context = normal(head?.contextWidth ?? 0);
  const actions = normal(ACTIONS * (head?.actionWidth ?? 0));
  const unit = Math.abs(tensors['head.unit']?.data[1] ?? 1) || 1;
  return async (engine: Networks): Promise<Float32Array> => {
    const state = await engine.encodeSession(input);
    if (head === undefined) return state;
    const seen = head.sessionWidth === 0 ? new Float32Array(0) : state;
    const q = await engine.score(Float32Array.of(...seen, ...context), actions, ACTIONS);
    return Float32Array.of(...state, ...q.map((value) => value / unit));
  };
}

function probeSession(length: number): SessionInput {
  const input = emptySession(length);
  for (let t = 0; t < length; t++) {
    input.kind[t] = t % KIND_COUNT;
    input.row[t] = t;
  }
  return input;
}
