/** Trains the session encoder and the product table together. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { ProductLookup } from '../../shared/features/sequence.ts';
import { SESSION_ENCODER, type SessionEncoderConfig } from '../../shared/models/session-encoder.ts';
import type { Minor } from '../../shared/money.ts';
import { products as innerProducts, softmax } from '../../shared/recommend/parts.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { learningRate, openSession, startTraining, type Training } from '../graph/index.ts';
import type { Case } from '../recommend/held-out.ts';
import { type Past, pastCases } from '../recommend/past.ts';
import type { TrainingOptions } from '../training-options.ts';
import { drawCandidates } from './candidates.ts';
import { type Best, resumeSession, saveSession } from './session-checkpoint.ts';
import { batchShapes, epoch, type Sequence, type SessionBatch, sequencesOf } from './session-examples.ts';
import { encodeBatch, sessionOnnx } from './session-export.ts';
import { SESSION_TRAINING, type SessionTrainingOptions } from './session-options.ts';
import {
  CONTENT,
  LEARNED,
  type SessionModelOptions,
  type SessionStart,
  sessionParameters,
  sessionProgram,
} from './session-program.ts';
import { timeShare } from './time-share.ts';

export interface SessionModel {
  config: SessionEncoderConfig;
  /** As sessionEncoderShapes names them. */
  parameters: Record<string, Tensor<Float32Array>>;
  /** Product vectors after training, [rows * productWidth]. */
  table: Float32Array;
  report: SessionReport;
}

export interface SessionReport extends Record<string, number> {
  parameters: number;
  steps: number;
  loss: number;
  /** Mean reciprocal rank of the held-out targets. */
  heldOutRank: number;
  seconds: number;
  /** Most memory of the trainer, and of the process that ran the steps. */
  trainerPeakMb: number;
  stepsPeakMb: number;
}

export interface SessionData {
  /** Sorted by visitor, then time. */
  events: readonly BehaviourEvent[];
  cases: readonly Case[];
  /** An earlier period's visits to learn again, and questions to be ranked like `cases`. */
  past?: Pick<Past, 'visits' | 'choosing'> | undefined;
  products: ProductLookup;
  priceEdges: readonly Minor[];
  /** Unit content vectors, [rows * productWidth]. */
  content: Float32Array;
  /** Of the rows, in their order. */
  skus: readonly string[];
  /** An earlier release to go on from. */
  start?: SessionStart | undefined;
}

/** In thousandths of the run, since its end is where steps or time run out. */
const SCHEDULE = { steps: 1000, final: 0.02 };

/**
 * Trains until the steps, the time or the patience run out; gives the parameters that ranked the held-out cases best.
 * @returns undefined where no visitor touched two products
 */
export async function trainSession(
  data: SessionData,
  options: TrainingOptions,
  settings: SessionTrainingOptions = SESSION_TRAINING,
  config: SessionEncoderConfig = SESSION_ENCODER,
): Promise<SessionModel | undefined> {
  const products = data.content.length / config.productWidth;
  const again = data.past?.visits.flatMap((visit, i) =>
    visit.map((event) => ({ ...event, visitor: `again ${i}` })),
  );
  const sequences = sequencesOf([...data.events, ...(again ?? [])], data.products, data.priceEdges);
  if (sequences.length === 0 || products < 2) return undefined;
  const model: SessionModelOptions = {
    ...settings,
    config,
    products,
    queries: sequences.some(({ query }) => query.some((bucket) => bucket > 0)),
    scored: products <= settings.fullSoftmax ? products : Math.min(settings.candidates, products),
  };
  const tokens = Math.max(
    config.length,
    Math.min(settings.tokens, Math.floor(settings.softmaxValues / model.scored)),
  );
  const shapes = batchShapes(sequences, tokens, config.length);
  const parameters = sessionParameters(
    config,
    data.content,
    options.random.fork('session parameters'),
    data.start,
    data.skus,
  );
  const training = await startTraining(
    Object.fromEntries(
      shapes.map((shape) => [`${shape.time}`, sessionProgram(shape, parameters, model, 'session')]),
    ),
    { device: options.device, signal: options.signal },
  );
  try {
    return await loop(training, sequences, shapes, data, model, options);
  } finally {
    await training.close();
  }
}

async function loop(
  training: Training,
  sequences: readonly Sequence[],
  shapes: ReturnType<typeof batchShapes>,
  data: SessionData,
  model: SessionModelOptions,
  options: TrainingOptions,
): Promise<SessionModel> {
  const { config } = model;
  const random = options.random.fork('session batches');
  const shares = targetShares(sequences, model.products);
  const perEpoch = [...epoch(sequences, shapes, random.fork('count'))].length;
  const epochs = clamp(Math.ceil(model.steps / perEpoch), model.epochs.least, model.epochs.most);
  const steps = epochs * perEpoch;
  const interval = Math.max(perEpoch, Math.ceil(steps / 12));
  const time = timeShare(steps, options.deadline() * model.share, options.deadline);
  const stage = options.progress.stage('session encoder', 100);
  let { step, epochNumber, epochBegan, best } = await resumeSession(training, options.checkpoints);
  const began = performance.now();
  let stale = 0;
  let loss = Number.NaN;
  let progress = 0;
  const evaluate = async (): Promise<void> => {
    const found = split(await training.parameters());
    const quality = await rankCases(found, data, config, model.cases);
    stale = best !== undefined && quality <= best.quality ? stale + 1 : 0;
    if (stale === 0) best = { ...found, quality };
    await saveSession(training, { epochNumber, epochBegan }, best!, options.checkpoints);
  };
  for (; progress < 1 && stale <= model.patience; epochNumber++, epochBegan = step) {
    // Each epoch's order depends on its number alone, so that a resumed run sees the same batches.
    let place = epochBegan;
    for (const batch of epoch(sequences, shapes, random.fork(`epoch ${epochNumber}`))) {
      if (place++ < step) continue;
      progress = time.progress(step);
      if (progress >= 1 || stale > model.patience) break;
      const rate = learningRate(
        { ...SCHEDULE, peak: model.rate, warmup: model.warmup * 1000 },
        progress * 1000,
      );
      const feeds = feedsOf(batch, model, shares, random.fork(`step ${step}`));
      const result = await training.step(feeds, rate, `${batch.shape.time}`);
      loss = Number.isNaN(loss) ? result.loss : 0.98 * loss + 0.02 * result.loss;
      step++;
      stage.update(Math.round(100 * progress), `step ${step}, loss ${loss.toFixed(3)}`);
      if (step % interval === 0) await evaluate();
    }
  }
  if (step % interval !== 0 || best === undefined) await evaluate();
  const { parameters, table, quality } = best!;
  const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const report: SessionReport = {
    parameters: Object.values(parameters).reduce((n, { data: { length } }) => n + length, 0) + table.length,
    steps: step,
    loss,
    heldOutRank: quality,
    seconds: (performance.now() - began) / 1000,
    trainerPeakMb: megabytes(1024 * process.resourceUsage().maxRSS),
    stepsPeakMb: megabytes(await training.peakBytes()),
  };
  stage.end(toldSession(report));
  return { config, parameters, table, report };
}

const toldSession = (report: SessionReport): string => {
  const { steps, loss, heldOutRank, parameters, trainerPeakMb, stepsPeakMb } = report;
  const reached = steps === 0 ? 'no time for a step' : `${steps} steps, loss ${loss.toFixed(3)}`;
  const size = `${parameters} parameters, at most ${trainerPeakMb} + ${stepsPeakMb} MB`;
  return `${reached}, held-out reciprocal rank ${heldOutRank.toFixed(3)}; ${size}`;
};

function feedsOf(
  batch: SessionBatch,
  model: SessionModelOptions,
  shares: Float64Array,
  random: TrainingOptions['random'],
): Parameters<Training['step']>[0] {
  const { kind, gap, price, row, known, place, target, weight } = batch;
  const feeds = { kind, gap, price, row, known, place, target, weight };
  const query = model.queries ? { query: batch.query } : {};
  if (model.scored === model.products) return { ...feeds, ...query };
  const drawn = drawCandidates(target, shares, model.scored, random);
  return { ...feeds, ...query, candidates: drawn.rows, chance: drawn.logChance, target: drawn.targets };
}

function targetShares(sequences: readonly Sequence[], products: number): Float64Array {
  const counts = new Float64Array(products);
  let total = 0;
  for (const { target } of sequences) {
    for (const row of target) {
      if (row < 0) continue;
      counts[row]!++;
      total++;
    }
  }
  return counts.map((count) => count / total);
}

/** The encoder's own parameters, and the table as content plus what was learned. */
function split(all: Record<string, Tensor<Float32Array>>): Pick<Best, 'parameters' | 'table'> {
  const { [CONTENT]: content, [LEARNED]: learned, ...parameters } = all;
  return { parameters, table: content!.data.map((x, i) => x + learned!.data[i]!) };
}

/** Mean reciprocal rank of the held-out targets among the whole catalogue. */
async function rankCases(
  { parameters, table }: Pick<Best, 'parameters' | 'table'>,
  { cases, past, products, priceEdges }: SessionData,
  config: SessionEncoderConfig,
  most: number,
): Promise<number> {
  const older = pastCases(past?.choosing ?? [], (sku) => products.find(sku)?.row).slice(0, most / 2);
  const asked = [...older, ...cases.slice(0, most - older.length)];
  if (asked.length === 0) return 0;
  const session = await openSession(sessionOnnx(parameters, config));
  try {
    const encoder = { session, config, table, products, priceEdges };
    const states = await encodeBatch(
      encoder,
      asked.map(({ history }) => spreadBaskets(history)),
    );
    let sum = 0;
    asked.forEach(({ target }, i) => {
      const state = states.subarray(i * config.width, (i + 1) * config.width);
      const scores = softmax(innerProducts({ width: config.productWidth, data: table }, state));
      let rank = 1;
      for (const score of scores) if (score > scores[target]!) rank++;
      sum += 1 / rank;
    });
    return sum / asked.length;
  } finally {
    await session.close();
  }
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
