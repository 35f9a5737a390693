/**
 * The child process that trains: ONNX Runtime's `run` blocks its thread for a whole step, so it has one to itself.
 * Parameters and moments stay here between steps; only batches, losses and requested states cross.
 */

import { seeded } from '../../shared/random.ts';
import { InferenceSession, Tensor } from '../onnx-runtime.ts';
import { sessionOptions } from './device.ts';
import { type Memory, openMemory } from './memory.ts';
import { stepScalars } from './optimiser.ts';
import { productRate } from './product-rate.ts';
import type { CompiledGraph, Group, Plan } from './program.ts';
import type { Answer, Feeds, FromRunner, Request, StepResult, ToRunner, TrainingState } from './protocol.ts';

type Open = Extract<Request, { kind: 'open' }>;

const VECTORS = ['parameter', 'first', 'second'] as const;
type Vectors = Record<(typeof VECTORS)[number], Tensor> & { step: number };

class Trainer {
  private readonly sessions = new Map<CompiledGraph, Promise<InferenceSession>>();
  private readonly groups: Map<string, Group>;
  private vectors: Record<string, Vectors> = {};
  private stepCount = 0;

  constructor(
    private readonly open: Open,
    private readonly memory: Memory,
  ) {
    this.groups = new Map(open.compiled.groups.map((group) => [group.id, group]));
  }

  async step(program: string, feeds: Feeds, learningRate: number): Promise<StepResult> {
    const plan = this.plan(program);
    const session = await this.session(plan.train, plan);
    const results = await session.run({
      ...this.read(plan),
      ...this.scalars(plan, learningRate),
      ...noise(plan, this.stepCount),
      ...batch(plan, feeds),
    });
    const named = (name: string): Tensor => results[plan.train.results[name]!]!;
    for (const id of plan.groups) {
      const old = this.vectors[id]!;
      const next = Object.fromEntries(VECTORS.map((part) => [part, named(`${id}.${part}`)]));
      this.vectors[id] = { ...(next as Record<(typeof VECTORS)[number], Tensor>), step: old.step + 1 };
      // Buffers of a GPU are not garbage collected in time.
      for (const part of VECTORS) if (old[part].location !== 'cpu') old[part].dispose();
    }
    this.stepCount++;
    return answerOf(plan, named);
  }

  async evaluate(program: string, feeds: Feeds): Promise<StepResult> {
    const plan = this.plan(program);
    const session = await this.session(plan.evaluate, plan);
    const read = plan.evaluate.reads.map((id) => [`${id}.parameter`, this.vectors[id]!.parameter]);
    const results = await session.run({ ...Object.fromEntries(read), ...batch(plan, feeds) });
    return answerOf(plan, (name) => results[plan.evaluate.results[name]!]!);
  }

  async state(): Promise<TrainingState> {
    const groups: TrainingState['groups'] = {};
    for (const [id, { parameter, first, second, step }] of Object.entries(this.vectors)) {
      const get = this.memory.get;
      groups[id] = {
        parameter: await get(parameter),
        first: await get(first),
        second: await get(second),
        step,
      };
    }
    return { groups, step: this.stepCount };
  }

  async restore(state: TrainingState): Promise<void> {
    for (const [id, { parameter, first, second, step }] of Object.entries(state.groups)) {
      const put = this.memory.put;
      this.vectors[id] = {
        parameter: await put(parameter),
        first: await put(first),
        second: await put(second),
        step,
      };
    }
    this.stepCount = state.step;
  }

  /** Sessions open at their first use: a program may only ever be evaluated, or only trained. */
  private session(graph: CompiledGraph, plan: Plan): Promise<InferenceSession> {
    const known = this.sessions.get(graph);
    if (known !== undefined) return known;
    const { device, threads } = this.open;
    const place = (name: string): 'cpu' | 'gpu-buffer' =>
      device === 'webgpu' && plan.groups.some((id) => name.startsWith(`${id}.`)) ? 'gpu-buffer' : 'cpu';
    const places = Object.entries(graph.results).map(([name, output]) => [output, place(name)]);
    const session = InferenceSession.create(graph.onnx, {
      ...sessionOptions(device, threads),
      ...(device === 'webgpu' && { preferredOutputLocation: Object.fromEntries(places) }),
    });
    this.sessions.set(graph, session);
    return session;
  }

  private plan(program: string): Plan {
    return this.open.compiled.plans[program]!;
  }

  private read(plan: Plan): Record<string, Tensor> {
    const feeds = Object.fromEntries(
      plan.train.reads.map((id) => [`${id}.parameter`, this.vectors[id]!.parameter]),
    );
    for (const id of plan.groups) {
      feeds[`${id}.first`] = this.vectors[id]!.first;
      feeds[`${id}.second`] = this.vectors[id]!.second;
    }
    return feeds;
  }

  private scalars(plan: Plan, learningRate: number): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    for (const id of plan.groups) {
      const step = this.vectors[id]!.step + 1;
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

/** Fresh numbers for every dropout site, from the step's number alone: see `ops/random.ts`. */
function noise(plan: Plan, step: number): Record<string, Tensor> {
  if (plan.noise.length === 0) return {};
  const random = seeded(`${plan.dropoutSeed}/${step}`);
  return Object.fromEntries(
    plan.noise.map(({ name, shape, row }) => {
      const scale = row ? 512 : 1;
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      for (let i = 0; i < data.length; i++) data[i] = scale * (1 + random.next());
      return [name, new Tensor('float32', data, shape)];
    }),
  );
}

function answerOf(plan: Plan, named: (name: string) => Tensor | undefined): StepResult {
  const number = (name: string): number => Number(named(name)?.data[0] ?? Number.NaN);
  const outputs = plan.outputs.map((name) => [
    name,
    Float32Array.from(named(`output.${name}`)!.data as Float32Array),
  ]);
  return { loss: number('loss'), gradientNorm: number('gradientNorm'), outputs: Object.fromEntries(outputs) };
}

let trainer: Trainer | undefined;

async function handle(request: Request): Promise<Answer> {
  if (request.kind === 'open') {
    trainer = new Trainer(request, await openMemory(request.device));
    await trainer.restore(request.state);
    return { kind: 'done' };
  }
  if (request.kind === 'measure') return { kind: 'measured', flopsPerMs: await productRate(request.device) };
  if (trainer === undefined) throw new Error(`expected 'open' before '${request.kind}'`);
  switch (request.kind) {
    case 'step':
      return { kind: 'step', ...(await trainer.step(request.program, request.feeds, request.learningRate)) };
    case 'evaluate':
      return { kind: 'step', ...(await trainer.evaluate(request.program, request.feeds)) };
    case 'state':
      return {
        kind: 'state',
        state: await trainer.state(),
        // maxRSS is in KiB.
        peakBytes: 1024 * process.resourceUsage().maxRSS,
      };
    case 'restore':
      await trainer.restore(request.state);
      return { kind: 'done' };
  }
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
