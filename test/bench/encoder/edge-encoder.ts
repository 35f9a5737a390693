/**
 * The edge encoder on the titles of Amazon-Google (shared data), asked which labelled pairs are one product: trained on
 * the titles alone, then with labels in full and by each way of fine-tuning that trains little; in int8; and taught by a
 * teacher, no label seen. Average precision, by the first values of a vector, and F1 at the threshold that is best on the
 * training pairs.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productText } from '../../../shared/features/profile-text.ts';
import { TEXT_ENCODER, type TextEncoderConfig } from '../../../shared/models/text-encoder.ts';
import type { Product } from '../../../shared/product.ts';
import { packParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import type { TextPair } from '../../../trainer-server/dataset/rows.ts';
import {
  type EncoderModels,
  type EncoderOptions,
  trainEncoders,
} from '../../../trainer-server/encoders/index.ts';
import { openTeacher } from '../../../trainer-server/encoders/teacher/open-teacher.ts';
import type { Teacher } from '../../../trainer-server/encoders/teacher/teacher.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import { trainedText } from '../../../trainer-server/encoders/text-width.ts';
import { openTokenizer } from '../../../trainer-server/encoders/tokenizer.ts';
import { FINE_TUNINGS, fineTuningOf } from '../../../trainer-server/encoders/tuning/index.ts';
import { openSession, packedParameters } from '../../../trainer-server/graph/index.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import { NO_CHECKPOINTS } from '../../../trainer-server/training-options.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import type { BenchOptions, Figures } from '../bench.ts';
import {
  averagePrecision,
  bestThreshold,
  f1,
  type LabelledPair,
  labelledPairs,
  likeness,
  productsOf,
  type Titled,
} from './same-product.ts';

/** The last but one is what a release carries; the trainer keeps the widest. */
export const WIDTHS = [16, 32, 64, 128];
export const CARRIED = TEXT_ENCODER.vectorWidth;

/** Fewer steps of a smaller network: minutes instead of most of an hour, for the order and the ratios. */
export const FEW_STEPS: TextTrainingOptions = {
  ...TEXT_TRAINING,
  layers: { small: 2, large: 2 },
  contrastive: { ...TEXT_TRAINING.contrastive, batch: 48, steps: { least: 150, most: 150 } },
  distillation: { ...TEXT_TRAINING.distillation, steps: { least: 200, most: 200 } },
  labels: { ...TEXT_TRAINING.labels, batch: 32, steps: { least: 150, most: 150 } },
};

/** What goes on from an encoder needs fewer pairs: the labels are what it is to learn. */
const onFrom = (settings: TextTrainingOptions): TextTrainingOptions => ({
  ...settings,
  contrastive: { ...settings.contrastive, steps: { least: 40, most: 40 } },
});

/** By the product's text. */
type Vectors = ReadonlyMap<string, readonly number[]>;

/**
 * @param checkpoint a published model as the teacher; absent: the encoder that saw the labels
 * @param options `quick` leaves out all ways of fine-tuning but one
 */
export async function edgeEncoder(
  checkpoint: string | undefined,
  { full, quick, say }: BenchOptions,
): Promise<Figures> {
  const [learn, asked] = [labelledPairs('train'), labelledPairs('valid')];
  const products = productsOf([...learn, ...asked]).map(asProduct);
  const pairs = learn.map(labelledProducts);
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-encoder-'));
  const tell = qualityTable(learn, asked, say);
  const settings = full ? TEXT_TRAINING : FEW_STEPS;
  const trained = (labels: typeof pairs, given: Partial<EncoderOptions> = {}): Promise<EncoderModels> => {
    const text = given.from === undefined || full ? settings : onFrom(settings);
    return trainEncoders({ products, events: [], pairs: labels }, { ...optionsOf(text), ...given });
  };
  try {
    const titles = await trained([]);
    await writeEncoderBundle(join(dir, 'titles'), titles);
    const from = await openBundle(join(dir, 'titles'));
    const untaught = tell('titles alone', await vectorsOf(titles));
    const figures: Figures = {};
    const labelled = await trained(pairs, { from });
    await writeEncoderBundle(join(dir, 'labelled'), labelled);
    const whole = tell('labels, every value', await vectorsOf(labelled), { share: 1 });
    const int8 = tell('the same in int8', await inInt8(labelled));
    for (const method of quick ? ['lora'] : Object.keys(FINE_TUNINGS)) {
      const tuned = await trained(pairs, { from, tuning: fineTuningOf(method) });
      const share = tuned.report.text_tunedShare!;
      figures[`${method}_share`] = share;
      const quality = tell(`labels, ${method}`, await vectorsOf(tuned), { share });
      figures[`${method}_quality_ratio`] = quality.precision / whole.precision;
    }
    const teacher = await openTeacher(checkpoint ?? join(dir, 'labelled'));
    const best = tell('teacher', await fromTeacher(teacher, products), { width: teacher.width });
    const taught = tell('taught, no label', await vectorsOf(await trained([], { teacher })));
    await teacher.close();
    return {
      ...figures,
      distil_quality_ratio: taught.precision / best.precision,
      untaught_quality_ratio: untaught.precision / best.precision,
      int8_quality_ratio: int8.precision / whole.precision,
      ...widthRatios({ labels: whole, titles: untaught }, say),
      cosine_f1: whole.f1,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const optionsOf = (text: TextTrainingOptions): EncoderOptions => ({
  device: 'auto',
  random: seeded('bench encoder'),
  progress: SILENT,
  signal: new AbortController().signal,
  deadline: () => Number.POSITIVE_INFINITY,
  checkpoints: NO_CHECKPOINTS,
  priceEdges: [],
  only: ['text'],
  text,
});

export const asProduct = ({ title, brand }: Titled, i: number): Product => ({
  sku: `p${i}`,
  title,
  category: [],
  ...(brand === undefined ? {} : { brand }),
});

export const labelledProducts = ({ a, b, label }: LabelledPair, i: number): TextPair => ({
  a: asProduct(a, 2 * i),
  b: asProduct(b, 2 * i + 1),
  label,
});

/** What each width has of the quality at the width that a release carries, with labels and without. */
function widthRatios(
  { labels, titles }: Record<'labels' | 'titles', Quality>,
  say: (line: string) => void,
): Figures {
  const figures: Figures = {};
  WIDTHS.forEach((width, i) => {
    const [own, untaught] = [labels, titles].map(({ byWidth, precision }) => byWidth[i]! / precision);
    if (width === CARRIED) return;
    figures[`width${width}_quality_ratio`] = own!;
    figures[`width${width}_titles_quality_ratio`] = untaught!;
    say(
      `  first ${String(width).padEnd(3)} against ${CARRIED}: ${percent(own! - 1)} with labels, ${percent(untaught! - 1)} of titles alone`,
    );
  });
  return figures;
}

const percent = (share: number): string => `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(1)} %`;

interface Quality {
  /** Average precision of the vector as a release carries it, and of its first values. */
  precision: number;
  byWidth: number[];
  f1: number;
}

interface Told {
  /** Share of the values that were trained. */
  share?: number;
  /** Values of a vector that count. */
  width?: number;
}

/** Prints a line for each encoder as soon as it is measured. */
export function qualityTable(
  learn: readonly LabelledPair[],
  asked: readonly LabelledPair[],
  say: (line: string) => void,
): (name: string, vectors: Vectors, told?: Told) => Quality {
  const chance = asked.filter(({ label }) => label === 1).length / asked.length;
  say(`same product by cosine, ${asked.length} pairs (average precision by chance ${chance.toFixed(3)}):`);
  say(`  ${'encoder'.padEnd(22)} trained  first ${WIDTHS.join('     ')}     F1`);
  return (name, vectors, { share, width: counted = CARRIED } = {}) => {
    const [first] = vectors.values();
    const likenesses = likeness(asked, vectors, counted);
    const byWidth = WIDTHS.map((width) => averagePrecision(asked, likeness(asked, vectors, width)));
    const quality = f1(asked, likenesses, bestThreshold(learn, likeness(learn, vectors, counted)));
    const trained = share === undefined ? '' : `${(100 * share).toFixed(1)} %`;
    const figures = byWidth.map((figure, i) => (WIDTHS[i]! > first!.length ? '     ' : figure.toFixed(3)));
    say(`  ${name.padEnd(22)} ${trained.padStart(7)}  ${[...figures, quality.toFixed(3)].join('  ')}`);
    return { precision: averagePrecision(asked, likenesses), byWidth, f1: quality };
  };
}

/** As wide as they were trained. */
export const vectorsOf = (models: EncoderModels): Promise<Vectors> =>
  encoded(models, trainedText(models.text!));

function byText(products: readonly Product[], vectors: Float32Array, width: number): Vectors {
  return new Map(
    products.map((product, i) => [
      productText(product),
      Array.from(vectors.subarray(i * width, (i + 1) * width)),
    ]),
  );
}

/** What a device computes: the exported weights. */
const inInt8 = (models: EncoderModels): Promise<Vectors> => {
  const { config, parameters } = models.text!;
  return encoded(models, { config, parameters: packedParameters(packParameters(parameters)) });
};

async function encoded(
  { catalogue, tokenizer }: EncoderModels,
  { config, parameters }: { config: TextEncoderConfig; parameters: Parameters<typeof textOnnx>[0] },
): Promise<Vectors> {
  const session = await openSession(textOnnx(parameters, config));
  try {
    const texts = catalogue.products.map(productText);
    const vectors = await encodeTexts(session, config, openTokenizer(tokenizer!), texts);
    return byText(catalogue.products, vectors, config.vectorWidth);
  } finally {
    await session.close();
  }
}

export const fromTeacher = async (teacher: Teacher, products: readonly Product[]): Promise<Vectors> =>
  byText(products, await teacher.encode(products.map(productText)), teacher.width);
