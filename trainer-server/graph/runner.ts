/**
 * The child process that trains: ONNX Runtime's `run` blocks its thread for a whole step, so it has one to itself.
 * Parameters and moments stay here between steps; only batches, losses and requested states cross.
 */

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Random, seeded } from '../../shared/random.ts';
import { sessionOptions } from './device.ts';
import { stepScalars } from './optimiser.ts';
import type { Group, Plan } from './program.ts';
import type { Answer, Feeds, FromRunner, GroupState, Request, ToRunner, TrainingState } from './protocol.ts';

type Open = Extract<Request, { kind: 'open' }>;
type Step = Extract<Request, { kind: 'step' }>;

class Trainer {
  private readonly sessions = new Map<string, InferenceSession>();
  private readonly groups: Map<string, Group>;

  constructor(
    private readonly open: Open,
    private state: TrainingState,
  ) {
    this.groups = new Map(open.compiled.groups.map((group) => [group.id, group]));
  }

  async prepare(): Promise<void> {
    const { compiled, device, threads } = this.open;
    for (const [name, plan] of Object.entries(compiled.plans)) {
      this.sessions.set(name, await InferenceSession.create(plan.onnx, sessionOptions(device, threads)));
    }
  }

  async step({ program, feeds, learningRate }: Step): Promise<Answer> {
    const plan = this.open.compiled.plans[program]!;
    const results = await this.sessions.get(program)!.run({
      ...this.vectors(plan),
      ...this.scalars(plan, learningRate),
      ...noise(plan, this.state.step),
      ...batch(plan, feeds),
    });
    for (const id of plan.groups) {
      const part = (name: string): Float32Array => results[`${id}.${name}.next`]!.data as Float32Array;
      const step = this.state.groups[id]!.step + 1;
      this.state.groups[id] = {
        parameter: part('parameter'),
        first: part('first'),
        second: part('second'),
        step,
      };
    }
    this.state.step++;
    const number = (name: string): number => Number(results[name]!.data[0]);
    const outputs = Object.keys(plan.outputs).map((name) => [name, floats(results[`output.${name}`]!)]);
    return {
      kind: 'step',
      loss: number('loss.value'),
      gradientNorm: number('gradient.norm'),
      outputs: Object.fromEntries(outputs),
    };
  }

  current(): TrainingState {
    return this.state;
  }

  restore(state: TrainingState): void {
    this.state = state;
  }

  private vectors(plan: Plan): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    const put = (id: string, part: keyof Omit<GroupState, 'step'>): void => {
      const data = this.state.groups[id]![part];
      out[`${id}.${part}`] = new Tensor('float32', data, [data.length]);
    };
    for (const id of plan.reads) put(id, 'parameter');
    for (const id of plan.groups) {
      put(id, 'first');
      put(id, 'second');
    }
    return out;
  }

  private scalars(plan: Plan, learningRate: number): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    for (const id of plan.groups) {
      const step = this.state.groups[id]!.step + 1;
      const scalars = stepScalars(plan.optimiser, this.groups.get(id)!.decayed, step, learningRate);
      for (const [name, value] of Object.entries(scalars)) {
        out[`${id}.${name}`] = new Tensor('float32', Float32Array.of(value), []);
      }
    }
    return out;
  }
}

function batch(plan: Plan, feeds: Feeds): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(plan.inputs).map(([name, { dtype, shape }]) => {
      const data = feeds[name]!;
      return [name, new Tensor(dtype === 'f32' ? 'float32' : 'int32', data as Float32Array, shape)];
    }),
  );
}

/** Fresh numbers for every dropout site, from the step alone: see `ops/random.ts`. */
function noise(plan: Plan, step: number): Record<string, Tensor> {
  if (plan.noise.length === 0) return {};
  const random = seeded(`${plan.dropoutSeed}/${step}`);
  return Object.fromEntries(
    plan.noise.map(({ name, size, shape, row }) => [
      name,
      new Tensor('float32', drawn(random, size, row), shape),
    ]),
  );
}

function drawn(random: Random, size: number, row: boolean): Float32Array {
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = (row ? 512 : 1) * (1 + random.next());
  return numbers;
}

function floats(tensor: Tensor): Float32Array {
  return tensor.data instanceof Float32Array
    ? tensor.data
    : Float32Array.from(tensor.data as Iterable<number>, Number);
}

let trainer: Trainer | undefined;

async function handle(request: Request): Promise<Answer> {
  if (request.kind === 'open') {
    trainer = new Trainer(request, request.state);
    await trainer.prepare();
    return { kind: 'done' };
  }
  if (trainer === undefined) throw new Error(`expected 'open' before '${request.kind}'`);
  if (request.kind === 'step') return trainer.step(request);
  if (request.kind === 'state') return { kind: 'state', state: trainer.current() };
  trainer.restore(request.state);
  return { kind: 'done' };
}

let turn = Promise.resolve();
process.on('message', ({ id, request }: ToRunner) => {
  turn = turn.then(async () => {
    const message: FromRunner = await handle(request).then(
      (answer) => ({ id, answer }),
      (error: unknown) => ({ id, error: error instanceof Error ? error.message : String(error) }),
    );
    process.send!(message);
  });
});
process.on('disconnect', () => process.exit(0));
