/**
 * A program, what its author writes, compiled to a plan, what the runner runs: forward, backward and AdamW in one graph.
 *
 * Trained parameters travel as a few flat vectors, each sliced into its parameters at the graph's start: a tensor fed
 * or returned costs the host about a microsecond on the CPU and 100 on a GPU, and a transformer has 50 with two moments
 * each. Parameters lie in one vector when they decay alike and are trained by the same programs, so a vector's step
 * count is its parameters' own.
 */

import { BadInput } from '../../shared/errors.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { gradients } from './gradient.ts';
import { Graph, type Value } from './graph.ts';
import type { OnnxPort } from './onnx/model.ts';
import { writeOnnx } from './onnx/write.ts';
import { mul } from './ops/arithmetic.ts';
import { COLUMN_NOISE, ROW_NOISE } from './ops/random.ts';
import { concat, reshape } from './ops/shape.ts';
import { ADAMW, type AdamW, adamw, clipping } from './optimiser.ts';
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
  /** Builds the forward graph; called once per batch shape, and once more without dropout for `evaluate`. */
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

/** One compiled program; crosses to the child process. */
export interface Plan {
  onnx: Uint8Array;
  /** Ids of the groups it trains; it reads those of `reads` too. */
  groups: string[];
  reads: string[];
  inputs: Record<string, InputSpec>;
  noise: { name: string; size: number; shape: number[]; row: boolean }[];
  outputs: Record<string, readonly number[]>;
  optimiser: Omit<AdamW, 'decays'>;
  dropoutSeed: string;
}

export interface Compiled {
  groups: Group[];
  plans: Record<string, Plan>;
}

interface Draft {
  program: Program;
  graph: Graph;
  optimiser: AdamW;
  loss: Value;
  outputs: Record<string, Value>;
  parameters: Map<string, Value>;
  /** By parameter; only those that the loss depends on and that are not frozen. */
  gradients: Map<string, Value>;
}

/** @throws ShapeError, BadInput where programs give one parameter different shapes */
export function compile(programs: Record<string, Program>, target: 'cpu' | 'portable'): Compiled {
  checkShared(programs);
  const drafts = Object.entries(programs).map(([name, program]) => [name, draft(program, target)] as const);
  const groups = grouped(new Map(drafts));
  return { groups, plans: Object.fromEntries(drafts.map(([name, each]) => [name, finish(each, groups)])) };
}

function draft(program: Program, target: 'cpu' | 'portable'): Draft {
  const graph = new Graph({ target, training: true });
  const parameters = new Map(
    Object.entries(program.parameters).map(([name, { shape }]) => [name, graph.value(name, 'f32', shape)]),
  );
  const inputs = Object.fromEntries(
    Object.entries(program.inputs).map(([name, spec]) => [name, graph.input(name, spec.dtype, spec.shape)]),
  );
  const { loss, outputs = {} } = program.loss(graph, Object.fromEntries(parameters), inputs);
  const names = [...parameters.keys()].filter((name) => !program.frozen?.includes(name));
  const found = gradients(
    loss,
    names.map((name) => parameters.get(name)!),
  );
  const known = names.flatMap((name, i) => (found[i] === undefined ? [] : [[name, found[i]] as const]));
  const optimiser = { ...ADAMW, ...program.optimiser };
  return { program, graph, optimiser, loss, outputs, parameters, gradients: new Map(known) };
}

/** Every parameter of every program, in vectors of those trained by the same programs and decayed alike. */
function grouped(drafts: Map<string, Draft>): Group[] {
  const groups = new Map<string, Group>();
  const seen = new Set<string>();
  for (const { program } of drafts.values()) {
    for (const [name, { shape }] of Object.entries(program.parameters)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const trainers = [...drafts].filter(([, each]) => each.gradients.has(name));
      const decayed = trainers.some(
        ([, each]) => each.optimiser.weightDecay > 0 && each.optimiser.decays(name, shape),
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

function finish(each: Draft, groups: readonly Group[]): Plan {
  const { graph, program, optimiser } = each;
  const reads = groups.filter((group) => group.slots.some(({ name }) => each.parameters.has(name)));
  const trained = reads.filter((group) => group.slots.some(({ name }) => each.gradients.has(name)));
  const vectors = new Map(
    reads.map((group) => [group.id, graph.input(`${group.id}.parameter`, 'f32', [group.size])]),
  );
  unpack(each, reads, vectors);
  const outputs: OnnxPort[] = [];
  const give = (name: string, value: Value): void => {
    graph.nodes.push({ type: 'Identity', domain: '', inputs: [value.name], outputs: [name], attributes: {} });
    outputs.push({ name, dtype: value.dtype, shape: value.shape });
  };
  const flat = trained.map((group) =>
    concat(
      group.slots.map(({ name, shape }) => reshape(each.gradients.get(name)!, [sizeOf(shape)])),
      0,
    ),
  );
  const { norm, factor } = clipping(graph, flat, optimiser.clipNorm);
  trained.forEach((group, i) => {
    const vector = (part: string): Value => graph.input(`${group.id}.${part}`, 'f32', [group.size]);
    const scalar = (part: string): Value => graph.input(`${group.id}.${part}`, 'f32', []);
    const gradient = factor === undefined ? flat[i]! : mul(flat[i]!, factor);
    const scalars = {
      stepSize: scalar('stepSize'),
      rootCorrection: scalar('rootCorrection'),
      shrink: scalar('shrink'),
    };
    const moments = { first: vector('first'), second: vector('second') };
    const next = adamw(vectors.get(group.id)!, moments, gradient, scalars, optimiser);
    for (const part of ['parameter', 'first', 'second'] as const)
      give(`${group.id}.${part}.next`, next[part]);
  });
  give('loss.value', reshape(each.loss, []));
  give('gradient.norm', reshape(norm, []));
  for (const [name, value] of Object.entries(each.outputs)) give(`output.${name}`, value);
  const { decays: _, ...numbers } = optimiser;
  return {
    onnx: writeOnnx({ nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs, outputs }),
    groups: trained.map((group) => group.id),
    reads: reads.map((group) => group.id),
    inputs: program.inputs,
    noise: graph.inputs
      .filter(({ name }) => name.startsWith(ROW_NOISE) || name.startsWith(COLUMN_NOISE))
      .map(noiseOf),
    outputs: Object.fromEntries(
      Object.entries(each.outputs).map(([name, value]) => [name, value.shape as number[]]),
    ),
    optimiser: numbers,
    dropoutSeed: String(program.dropoutSeed ?? 0),
  };
}

/** Nodes, ahead of all others, that cut the vectors into parameters under the names the forward graph uses. */
function unpack(each: Draft, groups: readonly Group[], vectors: ReadonlyMap<string, Value>): void {
  const { graph, parameters } = each;
  const mark = graph.nodes.length;
  for (const group of groups) {
    const vector = vectors.get(group.id)!;
    for (const { name, offset, shape } of group.slots) {
      if (!parameters.has(name)) continue;
      const size = sizeOf(shape);
      const bounds = [offset, offset + size, 0].map((n) => graph.constant([n], 'i64'));
      const [piece] = graph.node('Slice', [vector, ...bounds], [{ shape: [size] }]);
      const target = graph.shapeValue(shape);
      graph.nodes.push({
        type: 'Reshape',
        domain: '',
        inputs: [piece!.name, target.name],
        outputs: [name],
        attributes: {},
      });
    }
  }
  graph.nodes.unshift(...graph.nodes.splice(mark));
}

function noiseOf({ name, shape }: Value): Plan['noise'][number] {
  return { name, size: sizeOf(shape), shape: shape as number[], row: name.startsWith(ROW_NOISE) };
}

function checkShared(programs: Record<string, Program>): void {
  const shapes = new Map<string, string>();
  for (const [name, program] of Object.entries(programs)) {
    for (const [parameter, { shape, data }] of Object.entries(program.parameters)) {
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
    for (const frozen of program.frozen ?? []) {
      if (program.parameters[frozen] === undefined) {
        throw new BadInput({ field: `${name}.frozen` }, `one of ${Object.keys(program.parameters)}`, frozen);
      }
    }
  }
}
