/**
 * A program, what its author writes, compiled to a plan, what the runner runs: forward, backward and AdamW in one graph.
 *
 * Parameters travel as a few flat vectors, each sliced into its parameters at the graph's start: a tensor fed or
 * returned costs the host about a microsecond on the CPU and 100 on a GPU, and a transformer has 50 with two moments
 * each. Parameters lie in one vector when they decay alike and are trained by the same programs, so a vector's step
 * count is its parameters' own.
 */

import { BadInput } from '../../shared/errors.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { gradients } from './gradient.ts';
import { Graph, type Value } from './graph.ts';
import { writeOnnx } from './onnx/write.ts';
import { COLUMN_NOISE, ROW_NOISE } from './ops/random.ts';
import { concat, reshape } from './ops/shape.ts';
import { ADAMW, type AdamW, adamw, clipping, type StepScalars } from './optimiser.ts';
import { sizeOf } from './shape.ts';

export interface InputSpec {
  dtype: 'f32' | 'i32';
  shape: readonly number[];
}

export interface Program {
  /** Initial values. Trained unless named in `frozen`, or out of the loss's reach. */
  parameters: Record<string, Tensor<Float32Array>>;
  frozen?: readonly string[];
  inputs: Record<string, InputSpec>;
  /** Builds the forward graph; called once to train and once, with dropout off, to evaluate. */
  loss(
    g: Graph,
    p: Record<string, Value>,
    x: Record<string, Value>,
  ): { loss: Value; outputs?: Record<string, Value> };
  optimiser?: Partial<AdamW>;
  /** Seeds dropout. The masks of a step depend on this and the step's number alone. */
  dropoutSeed?: number | string;
}

/** Parameters in one vector. */
export interface Group {
  id: string;
  decayed: boolean;
  size: number;
  slots: { name: string; offset: number; shape: readonly number[] }[];
}

/** A graph, and by which of its names the runner finds what. */
export interface CompiledGraph {
  onnx: Uint8Array;
  /** Groups whose parameters it reads. */
  reads: string[];
  /** Graph outputs by what they are: 'loss', 'gradientNorm', 'output.NAME', 'GROUP.parameter' and so on. */
  results: Record<string, string>;
}

/** One compiled program; crosses to the child process. */
export interface Plan {
  train: CompiledGraph;
  evaluate: CompiledGraph;
  /** Ids of the groups it trains. */
  groups: string[];
  inputs: Record<string, InputSpec>;
  /** Dropout's inputs, drawn afresh at every step. */
  noise: { name: string; shape: number[]; row: boolean }[];
  /** Names of the author's outputs. */
  outputs: string[];
  optimiser: Omit<AdamW, 'decays'>;
  dropoutSeed: string;
}

export interface Compiled {
  /** Of one step of each program, on average. */
  flops: number;
  groups: Group[];
  plans: Record<string, Plan>;
}

interface Forward {
  graph: Graph;
  parameters: Map<string, Value>;
  loss: Value;
  outputs: Record<string, Value>;
}

interface Draft extends Forward {
  program: Program;
  optimiser: AdamW;
  /** By parameter; only of those that the loss depends on and that are not frozen. */
  gradients: Map<string, Value>;
}

/** @throws ShapeError, BadInput where programs give one parameter different shapes */
export function compile(programs: Record<string, Program>, target: 'cpu' | 'portable'): Compiled {
  checkParameters(programs);
  const drafts = new Map(Object.entries(programs).map(([name, program]) => [name, draft(program, target)]));
  const groups = grouped(drafts);
  const plans = [...drafts].map(([name, each]) => [name, plan(each, groups, target)]);
  const flops = [...drafts.values()].reduce((total, each) => total + each.graph.flops, 0) / drafts.size;
  return { flops, groups, plans: Object.fromEntries(plans) };
}

function forward(program: Program, target: 'cpu' | 'portable', training: boolean): Forward {
  const graph = new Graph({ target, training });
  const parameters = new Map(
    Object.entries(program.parameters).map(([name, { shape }]) => [name, graph.value(name, 'f32', shape)]),
  );
  const inputs = Object.fromEntries(
    Object.entries(program.inputs).map(([name, spec]) => [name, graph.input(name, spec.dtype, spec.shape)]),
  );
  const { loss, outputs = {} } = program.loss(graph, Object.fromEntries(parameters), inputs);
  return { graph, parameters, loss, outputs };
}

function draft(program: Program, target: 'cpu' | 'portable'): Draft {
  const built = forward(program, target, true);
  const names = Object.keys(program.parameters).filter((name) => !program.frozen?.includes(name));
  const found = gradients(
    built.loss,
    names.map((name) => built.parameters.get(name)!),
  );
  const known = names.flatMap((name, i) => (found[i] === undefined ? [] : [[name, found[i]] as const]));
  return { ...built, program, optimiser: { ...ADAMW, ...program.optimiser }, gradients: new Map(known) };
}

/** Every parameter of every program, in vectors of those trained by the same programs and decayed alike. */
function grouped(drafts: ReadonlyMap<string, Draft>): Group[] {
  const groups = new Map<string, Group>();
  const seen = new Set<string>();
  for (const { program } of drafts.values()) {
    for (const [name, { shape }] of Object.entries(program.parameters)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const trainers = [...drafts].filter(([, each]) => each.gradients.has(name));
      const decayed = trainers.some(
        ([, { optimiser }]) => optimiser.weightDecay > 0 && optimiser.decays(name, shape),
      );
      const key = JSON.stringify([decayed, ...trainers.map(([trainer]) => trainer)]);
      const group = groups.get(key) ?? { id: `group${groups.size}`, decayed, size: 0, slots: [] };
      groups.set(key, group);
      group.slots.push({ name, offset: group.size, shape });
      group.size += sizeOf(shape);
    }
  }
  return [...groups.values()];
}

function plan(each: Draft, groups: readonly Group[], target: 'cpu' | 'portable'): Plan {
  const { graph, program } = each;
  const { decays: _, ...optimiser } = each.optimiser;
  return {
    train: trainGraph(each, groups),
    evaluate: evaluateGraph(forward(program, target, false), groups),
    groups: groups.filter((group) => trains(each, group)).map((group) => group.id),
    inputs: program.inputs,
    noise: graph.inputs.flatMap(({ name, shape }) =>
      name.startsWith(ROW_NOISE) || name.startsWith(COLUMN_NOISE)
        ? [{ name, shape: shape as number[], row: name.startsWith(ROW_NOISE) }]
        : [],
    ),
    outputs: Object.keys(each.outputs),
    optimiser,
    dropoutSeed: String(program.dropoutSeed ?? 0),
  };
}

function trainGraph(each: Draft, groups: readonly Group[]): CompiledGraph {
  const { graph, optimiser } = each;
  const vectors = unpacked(each, groups);
  const trained = groups.filter((group) => trains(each, group));
  const flat = trained.map((group) =>
    concat(
      group.slots.map(({ name, shape }) => reshape(each.gradients.get(name)!, [sizeOf(shape)])),
      0,
    ),
  );
  const { norm, factor } = clipping(graph, flat, optimiser.clipNorm);
  const results: Record<string, Value> = { ...answers(each), gradientNorm: norm };
  trained.forEach(({ id, size, decayed }, i) => {
    const scalar = (part: keyof StepScalars): Value => graph.input(`${id}.${part}`, 'f32', []);
    const scalars = {
      stepSize: scalar('stepSize'),
      epsilon: scalar('epsilon'),
      ...(decayed && { shrink: scalar('shrink') }),
    };
    const moments = {
      first: graph.input(`${id}.first`, 'f32', [size]),
      second: graph.input(`${id}.second`, 'f32', [size]),
    };
    const next = adamw(vectors.get(id)!, moments, flat[i]!, scalars, optimiser, factor);
    for (const [part, value] of Object.entries(next)) results[`${id}.${part}`] = value;
  });
  return written(graph, [...vectors.keys()], results);
}

function evaluateGraph(built: Forward, groups: readonly Group[]): CompiledGraph {
  const vectors = unpacked(built, groups);
  return written(built.graph, [...vectors.keys()], answers(built));
}

function answers({ loss, outputs }: Forward): Record<string, Value> {
  const named = Object.entries(outputs).map(([name, value]) => [`output.${name}`, value] as const);
  return { loss, ...Object.fromEntries(named) };
}

function written(graph: Graph, reads: string[], results: Record<string, Value>): CompiledGraph {
  // A result may be an input or another result: ONNX wants an output of its own for each.
  const taken = new Set(graph.inputs.map((input) => input.name));
  const outputs = Object.values(results).map((value) => {
    const own = taken.has(value.name) ? graph.node('Identity', [value], [value])[0]! : value;
    taken.add(own.name);
    return own;
  });
  return {
    onnx: writeOnnx({ nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs, outputs }),
    reads,
    results: Object.fromEntries(Object.keys(results).map((name, i) => [name, outputs[i]!.name])),
  };
}

/** Feeds the vectors, and cuts them, ahead of all other nodes, into parameters under the names the forward graph uses. */
function unpacked({ graph, parameters }: Forward, groups: readonly Group[]): Map<string, Value> {
  const vectors = new Map<string, Value>();
  const mark = graph.nodes.length;
  for (const { id, size, slots } of groups) {
    const used = slots.filter(({ name }) => parameters.has(name));
    if (used.length === 0) continue;
    const vector = graph.input(`${id}.parameter`, 'f32', [size]);
    vectors.set(id, vector);
    for (const { name, offset, shape } of used) {
      const bounds = [offset, offset + sizeOf(shape), 0].map((n) => graph.constant([n], 'i64'));
      const piece = graph.node('Slice', [vector, ...bounds], [{ shape: [sizeOf(shape)] }])[0]!;
      const inputs = [piece.name, graph.shapeValue(shape).name];
      graph.nodes.push({ type: 'Reshape', domain: '', inputs, outputs: [name], attributes: {} });
    }
  }
  graph.nodes.unshift(...graph.nodes.splice(mark));
  return vectors;
}

const trains = (each: Draft, group: Group): boolean =>
  group.slots.some(({ name }) => each.gradients.has(name));

function checkParameters(programs: Record<string, Program>): void {
  const shapes = new Map<string, string>();
  for (const [name, { parameters, frozen = [] }] of Object.entries(programs)) {
    for (const [parameter, { shape, data }] of Object.entries(parameters)) {
      const known = shapes.get(parameter) ?? `${shape}`;
      if (known !== `${shape}` || data.length !== sizeOf(shape)) {
        throw new BadInput(
          { field: `${name}.${parameter}` },
          `[${known}]`,
          `[${shape}] with ${data.length} values`,
        );
      }
      shapes.set(parameter, known);
    }
    const unknown = frozen.find((each) => parameters[each] === undefined);
    if (unknown !== undefined) {
      throw new BadInput(
        { field: `${name}.frozen` },
        `one of ${Object.keys(parameters).join(', ')}`,
        unknown,
      );
    }
  }
}
