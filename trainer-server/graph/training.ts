/** The trainer's side of training: compiles programs, starts the child process, exchanges batches for losses. */

import { availableParallelism } from 'node:os';
import { BadInput } from '../../shared/errors.ts';
import { type Tensor, type Tensors, tensorOf } from '../../shared/tensors.ts';
import { chooseDevice } from './choose-device.ts';
import type { Device, DeviceChoice } from './device.ts';
import { initialMoments } from './optimiser.ts';
import { type Compiled, compile, type Group, type Program } from './program.ts';
import type { Answer, Feeds, GroupState, Request, StepResult, TrainingState } from './protocol.ts';
import { RunnerProcess } from './runner-process.ts';
import { sizeOf } from './shape.ts';

export interface TrainingOptions {
  /** Default 'auto': a GPU where one is there and a step is large enough to gain from it. */
  device?: DeviceChoice;
  /** Ends the training, and its process, at once. */
  signal?: AbortSignal;
  /** Threads of one operator; default: the cores. */
  threads?: number;
}

export interface Training {
  /** Where it runs: 'auto' has been decided. */
  readonly device: Device;
  /** Process id of the child, for monitors and for tests that kill it. */
  readonly pid: number | undefined;
  /**
   * One step of AdamW on a batch. Steps run in the order of their calls, so the next may be asked for before the last
   * has answered.
   * @param learningRate for this step: see `learningRate` in schedule.ts
   * @param program by name, where the training has several
   */
  step(feeds: Feeds, learningRate: number, program?: string): Promise<StepResult>;
  /** Loss and outputs of a batch with dropout off and nothing updated; its `gradientNorm` is NaN. */
  evaluate(feeds: Feeds, program?: string): Promise<StepResult>;
  parameters(): Promise<Record<string, Tensor<Float32Array>>>;
  /** Parameters, moments and step counts: what `restore` takes up, bit for bit. */
  state(): Promise<Tensors>;
  restore(state: Tensors): Promise<void>;
  /** The most memory that the training process has held so far. */
  peakBytes(): Promise<number>;
  close(): Promise<void>;
}

/** Name of the only program where one is given without a name. */
const ONLY = 'main';

/** Parts of a state, as prefixes of the tensors' names. */
const PARTS = { parameter: 'parameter/', first: 'first-moment/', second: 'second-moment/' } as const;
const STEPS = 'step/';

/**
 * Compiles and starts a training in a process of its own.
 * @throws ShapeError, BadInput where a program does not hold together
 */
export async function startTraining(
  programs: Program | Record<string, Program>,
  options: TrainingOptions = {},
): Promise<Training> {
  const named: Record<string, Program> = isProgram(programs) ? { [ONLY]: programs } : programs;
  const forCpu = compile(named, 'cpu');
  const device = await chooseDevice(options.device ?? 'auto', forCpu.flops, options.signal);
  const compiled = device === 'cpu' ? forCpu : compile(named, 'portable');
  const runner = new RunnerProcess(options.signal);
  try {
    await runner.ask({
      kind: 'open',
      compiled,
      state: initialState(named, compiled),
      device,
      threads: options.threads ?? availableParallelism(),
    });
  } catch (error) {
    await runner.close();
    throw error;
  }
  return training(compiled, runner, device);
}

function training(compiled: Compiled, runner: RunnerProcess, device: Device): Training {
  const names = Object.keys(compiled.plans);
  const ask = async (): Promise<Extract<Answer, { kind: 'state' }>> =>
    (await runner.ask({ kind: 'state' })) as Extract<Answer, { kind: 'state' }>;
  const current = async (): Promise<TrainingState> => (await ask()).state;
  const measured = async (request: Extract<Request, { feeds: Feeds }>): Promise<StepResult> => {
    const plan = compiled.plans[request.program];
    if (plan === undefined)
      throw new BadInput({ field: 'program' }, `one of ${names.join(', ')}`, request.program);
    checkFeeds(request.feeds, plan.inputs);
    const { loss, gradientNorm, outputs } = (await runner.ask(request)) as Extract<Answer, { kind: 'step' }>;
    return { loss, gradientNorm, outputs };
  };
  return {
    device,
    pid: runner.pid,
    step: (feeds, learningRate, program = names[0]!) =>
      measured({ kind: 'step', program, feeds, learningRate }),
    evaluate: (feeds, program = names[0]!) => measured({ kind: 'evaluate', program, feeds }),
    async parameters() {
      const { groups } = await current();
      return Object.fromEntries(
        compiled.groups.flatMap((group) => slots(group, groups[group.id]!.parameter)),
      );
    },
    state: async () => toTensors(compiled, await current()),
    async restore(state) {
      await runner.ask({ kind: 'restore', state: fromTensors(compiled, state) });
    },
    peakBytes: async () => (await ask()).peakBytes,
    close: () => runner.close(),
  };
}

function initialState(programs: Record<string, Program>, compiled: Compiled): TrainingState {
  const values = Object.assign(
    {},
    ...Object.values(programs).map((program) => program.parameters),
  ) as Program['parameters'];
  const groups = compiled.groups.map((group) => {
    const parameter = new Float32Array(group.size);
    for (const { name, offset } of group.slots) parameter.set(values[name]!.data, offset);
    return [group.id, { parameter, ...initialMoments(group.size), step: 0 } satisfies GroupState];
  });
  return { groups: Object.fromEntries(groups), step: 0 };
}

function toTensors(compiled: Compiled, state: TrainingState): Tensors {
  const out: Tensors = { step: { shape: [1], data: Int32Array.of(state.step) } };
  for (const group of compiled.groups) {
    const known = state.groups[group.id]!;
    for (const part of ['parameter', 'first', 'second'] as const) {
      for (const [name, tensor] of slots(group, known[part])) out[PARTS[part] + name] = tensor;
    }
    for (const { name } of group.slots) out[STEPS + name] = { shape: [1], data: Int32Array.of(known.step) };
  }
  return out;
}

function fromTensors(compiled: Compiled, tensors: Tensors): TrainingState {
  const groups = compiled.groups.map((group) => {
    const vector = (part: keyof typeof PARTS): Float32Array => {
      const flat = new Float32Array(group.size);
      for (const { name, offset, shape } of group.slots)
        flat.set(tensorOf(tensors, PARTS[part] + name, shape).data, offset);
      return flat;
    };
    const step = tensorOf(tensors, STEPS + group.slots[0]!.name, [1]).data[0]!;
    return [
      group.id,
      { parameter: vector('parameter'), first: vector('first'), second: vector('second'), step },
    ] as const;
  });
  return { groups: Object.fromEntries(groups), step: tensorOf(tensors, 'step', [1]).data[0]! };
}

/** A group's vector as named tensors of their own memory. */
function slots(group: Group, vector: Float32Array): [string, Tensor<Float32Array>][] {
  return group.slots.map(({ name, offset, shape }) => [
    name,
    { shape, data: vector.slice(offset, offset + sizeOf(shape)) },
  ]);
}

function checkFeeds(feeds: Feeds, inputs: Program['inputs']): void {
  for (const [name, { dtype, shape }] of Object.entries(inputs)) {
    const data = feeds[name];
    const fits = dtype === 'f32' ? data instanceof Float32Array : data instanceof Int32Array;
    if (data === undefined || !fits || data.length !== sizeOf(shape)) {
      const found = data === undefined ? 'nothing' : `${data.constructor.name} of ${data.length}`;
      throw new BadInput(
        { field: name },
        `${dtype === 'f32' ? 'Float32Array' : 'Int32Array'} of [${shape.join(', ')}]`,
        found,
      );
    }
  }
}

const isProgram = (programs: Program | Record<string, Program>): programs is Program =>
  typeof (programs as Program).loss === 'function';
