/**
 * Trains the picture encoder: a picture near what else is known of its product, and of products wanted together with it
 * (contrastive, the other side locked: Zhai et al. 2022, LiT, arXiv 2111.07991).
 */

import type { Random } from '../../../shared/random.ts';
import { shuffle } from '../../../shared/random.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import { contrastive, learningRate, openSession, type Program, startTraining } from '../../graph/index.ts';
import type { Trail } from '../../recommend/trails.ts';
import type { TrainingOptions } from '../../training-options.ts';
import { timeShare } from '../time-share.ts';
import { initialParameters } from '../transformer.ts';
import {
  encodePictures,
  patchesInto,
  pictureOnnx,
  pictureShapes,
  pictureVectors,
} from './picture-network.ts';
import {
  PICTURE_ENCODER,
  PICTURE_TRAINING,
  type PictureEncoderConfig,
  type PictureTrainingOptions,
} from './picture-options.ts';

export interface PictureModel {
  config: PictureEncoderConfig;
  parameters: Record<string, Tensor<Float32Array>>;
  /** Unit vectors by row of the catalogue. */
  vectors: Map<number, Float32Array>;
  report: PictureReport;
}

interface PictureReport extends Record<string, number> {
  parameters: number;
  steps: number;
  loss: number;
  /** Mean reciprocal rank of a held-out picture's own product among the held-out ones; and by chance. */
  heldOutRank: number;
  heldOutChance: number;
}

export interface PictureData {
  /** Pixels by row. */
  pixels: ReadonlyMap<number, Uint8Array>;
  /** What else is known of the products: unit vectors [rows * vectorWidth]. */
  content: Float32Array;
  trails: readonly Trail[];
  /** Parameters of an earlier release. */
  from?: Record<string, Tensor<Float32Array>> | undefined;
}

/** Pictures below which nothing can be learned and told apart from chance. */
const LEAST = 40;

/** @returns undefined where there are too few pictures, or what was learned is no better than chance on held-out ones */
export async function trainPictures(
  data: PictureData,
  options: TrainingOptions,
  settings: PictureTrainingOptions = PICTURE_TRAINING,
  config: PictureEncoderConfig = PICTURE_ENCODER,
): Promise<PictureModel | undefined> {
  if (data.pixels.size < LEAST) return undefined;
  const random = options.random.fork('pictures');
  const rows = shuffle([...data.pixels.keys()], random);
  const heldOut = rows.splice(0, Math.ceil(rows.length * settings.heldOut));
  const batch = Math.min(settings.batch, rows.length);
  const parameters =
    data.from ?? initialParameters(pictureShapes(config), config.layers, random.fork('parameters'));
  const training = await startTraining(
    { pictures: program(parameters, batch, config, settings) },
    { device: options.device, signal: options.signal },
  );
  const steps = Math.max(
    settings.steps.least,
    Math.min(settings.steps.most, Math.ceil((settings.passes * rows.length) / batch)),
  );
  const time = timeShare(steps, options.deadline() * settings.share, options.deadline);
  const stage = options.progress.stage('picture encoder', 100);
  const schedule = { peak: settings.rate, steps: 1000, warmup: 1000 * settings.warmup, final: 0.05 };
  const partner = partners(data.trails);
  let [step, loss] = [0, Number.NaN];
  let trained: PictureModel['parameters'];
  try {
    for (let progress = 0; progress < 1; progress = time.progress(++step)) {
      const patches = new Float32Array(batch * valuesOf(config));
      const chosen = Array.from({ length: batch }, (_, b) => rows[(step * batch + b) % rows.length]!);
      if ((step * batch) % rows.length < batch) shuffle(rows, random);
      chosen.forEach((row, b) => {
        patchesInto(patches, b * valuesOf(config), data.pixels.get(row)!, config, glance(random, settings));
      });
      const told = chosen.map((row) => (random.next() < settings.behaviour ? partner(row, random) : row));
      const feeds = { patches, target: gathered(data.content, told, config.vectorWidth) };
      const result = await training.step(feeds, learningRate(schedule, progress * 1000), 'pictures');
      loss = Number.isNaN(loss) ? result.loss : 0.95 * loss + 0.05 * result.loss;
      stage.update(Math.round(100 * progress), `step ${step}, loss ${loss.toFixed(3)}`);
    }
    trained = await training.parameters();
  } finally {
    await training.close();
  }
  const vectors = await vectorsOf(trained, config, data.pixels);
  const rank = heldOutRank(vectors, data.content, heldOut, config.vectorWidth);
  stage.end(
    `${step} steps, held-out reciprocal rank ${rank.mean.toFixed(3)}, by chance ${rank.chance.toFixed(3)}`,
  );
  if (rank.mean - 2 * rank.error <= rank.chance) {
    options.progress.say('  pictures tell nothing of these products: left out of their vectors');
    return undefined;
  }
  const count = Object.values(trained).reduce((n, { data: { length } }) => n + length, 0);
  const report = { parameters: count, steps: step, loss, heldOutRank: rank.mean, heldOutChance: rank.chance };
  return { config, parameters: trained, vectors, report };
}

const valuesOf = ({ side }: PictureEncoderConfig): number => side * side * 3;

function program(
  parameters: Program['parameters'],
  batch: number,
  config: PictureEncoderConfig,
  { dropout, temperature, weightDecay }: PictureTrainingOptions,
): Program {
  const { side, patch, vectorWidth } = config;
  return {
    parameters,
    inputs: {
      patches: { dtype: 'f32', shape: [batch, (side / patch) ** 2, 3 * patch * patch] },
      target: { dtype: 'f32', shape: [batch, vectorWidth] },
    },
    loss: (_, p, x) => ({
      loss: contrastive(pictureVectors(p, x.patches!, config, dropout), x.target!, temperature),
    }),
    optimiser: { weightDecay },
    dropoutSeed: 'pictures',
  };
}

const glance = (random: Random, { shift, light }: PictureTrainingOptions) => ({
  x: random.int(2 * shift + 1) - shift,
  y: random.int(2 * shift + 1) - shift,
  mirrored: random.next() < 0.5,
  light: 1 + light * (2 * random.next() - 1),
});

/** What was touched right after a product in the same session; the product itself where nothing was. */
function partners(trails: readonly Trail[]): (row: number, random: Random) => number {
  const after = new Map<number, number[]>();
  for (const { rows, sessions } of trails) {
    for (let i = 0; i + 1 < rows.length; i++) {
      if (sessions[i] !== sessions[i + 1]) continue;
      const own = after.get(rows[i]!);
      if (own === undefined) after.set(rows[i]!, [rows[i + 1]!]);
      else own.push(rows[i + 1]!);
    }
  }
  return (row, random) => {
    const own = after.get(row);
    return own === undefined ? row : own[random.int(own.length)]!;
  };
}

function gathered(content: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(content.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

async function vectorsOf(
  parameters: PictureModel['parameters'],
  config: PictureEncoderConfig,
  pixels: ReadonlyMap<number, Uint8Array>,
): Promise<Map<number, Float32Array>> {
  const session = await openSession(pictureOnnx(parameters, config));
  try {
    const { vectorWidth: width } = config;
    const all = await encodePictures(session, config, [...pixels.values()]);
    return new Map([...pixels.keys()].map((row, i) => [row, all.subarray(i * width, (i + 1) * width)]));
  } finally {
    await session.close();
  }
}

/** Where each held-out picture's own product stands among the held-out products, in the middle of its equals. */
function heldOutRank(
  vectors: ReadonlyMap<number, Float32Array>,
  content: Float32Array,
  heldOut: readonly number[],
  width: number,
): { mean: number; error: number; chance: number } {
  const ranks = heldOut.map((row) => {
    const own = vectors.get(row)!;
    const scores = heldOut.map((other) =>
      own.reduce((sum, x, i) => sum + x * content[other * width + i]!, 0),
    );
    const mine = scores[heldOut.indexOf(row)]!;
    const above = scores.reduce((n, score) => n + Number(score > mine) + 0.5 * Number(score === mine), 0.5);
    return 1 / above;
  });
  const mean = ranks.reduce((a, b) => a + b, 0) / ranks.length;
  const variance = ranks.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, ranks.length - 1);
  const chance = ranks.reduce((sum, _, i) => sum + 1 / (i + 1), 0) / ranks.length;
  return { mean, error: Math.sqrt(variance / ranks.length), chance };
}
