/** `embed`: unit vectors of texts, products and histories. */

import * as v from 'valibot';
import { BadInput, show } from '../../shared/errors.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { productVector, unit } from '../../shared/features/product-vector.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { currencyIn } from '../../shared/money-text.ts';
import { type Product, readProduct } from '../../shared/product.ts';
import { read } from '../../shared/read.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import type { VectorTable } from '../../shared/recommend/tables.ts';
import { SHOP_DEFAULTS } from '../../shared/shop.ts';
import { pictureReader } from '../encoders/pictures/picture-reader.ts';
import { encodeBatch } from '../encoders/session-export.ts';
import { HUB } from '../encoders/teacher/model-folder.ts';
import { openTeacher } from '../encoders/teacher/open-teacher.ts';
import { catalogueTables, historyEncoder, textEncoder } from '../recommend/open-bundle-tables.ts';
import { openBundle } from '../release/bundle.ts';
import { answerLines } from './answer-lines.ts';
import type { Command, Io } from './command.ts';
import { readHistory } from './history-line.ts';
import { needed } from './options.ts';

const HELP = `
promo-edge embed (--bundle BUNDLE [--pictures DIR] | --checkpoint CHECKPOINT) < things.jsonl

Reads lines {id?, text} or {id?, product: {...}} or {id?, history: [event...]} and prints for each {id?, vector}, of
unit length. A product is placed by its text, category, brand, price and rating, so it need not be in the catalogue.
The first 16 or 32 values of a text's vector are a vector too, once scaled to unit length. A text without words and a
history without events get the middle of the catalogue, and say so: {id?, vector, fallback}.

  --pictures    the folder that a product's \`image\` is relative to: its picture then places it too, where the bundle's
                training learned from pictures; one that cannot be read is told as {id?, vector, picture: reason}
  --checkpoint  a published model instead of a bundle, for texts and products: a folder, or its name on the Hugging Face
                Hub, OWNER/MODEL (kept under ~/.cache/promo-edge), with config.json, tokenizer.json and either
                model.safetensors of a BERT or, of any architecture that Transformers.js runs, onnx/model.onnx
`;

const schema = v.object({
  id: v.nullish(v.union([v.string(), v.number()])),
  text: v.nullish(v.string()),
  product: v.nullish(v.record(v.string(), v.unknown())),
  history: v.nullish(v.array(v.unknown())),
});

interface Thing {
  id: string | number | undefined;
  text?: string;
  product?: Product;
  history?: BehaviourEvent[];
}

export const command: Command = {
  name: 'embed',
  summary: 'unit vectors of texts, products and histories',
  help: HELP,
  options: { bundle: { type: 'string' }, checkpoint: { type: 'string' }, pictures: { type: 'string' } },
  async run(values, _, io) {
    if (typeof values.checkpoint === 'string') return embedWithCheckpoint(values.checkpoint, io);
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const first = await bundle.first();
    const catalogue = await catalogueTables(bundle);
    const fusion = (await bundle.catalogue())?.fusion;
    const encoder = await textEncoder(bundle);
    const look = await pictureReader(
      bundle,
      typeof values.pictures === 'string' ? values.pictures : undefined,
    );
    const sessions = await historyEncoder(bundle, catalogue, first);
    const without = (field: string, part: string): BadInput =>
      new BadInput({ field }, `a bundle with a ${part}`, 'none', 'Train it on data that has it');

    const readLine = (raw: unknown): Thing => {
      const line = read(schema, raw);
      const id = line.id ?? undefined;
      if (line.text != null) {
        if (encoder === undefined) throw without('text', 'text encoder');
        return { id, text: line.text };
      }
      if (line.product != null)
        return { id, product: readProduct({ sku: '?', ...line.product }, first.shop.currency) };
      if (line.history != null) {
        if (sessions === undefined) throw without('history', 'session encoder');
        return { id, history: readHistory(line.history, first.shop.currency) };
      }
      throw new BadInput({}, 'text, product or history', show(raw));
    };

    await answerLines(io, readLine, async (batch) => {
      const texts = batch.map(
        ({ text, product }) => text ?? (product === undefined ? '' : productText(product)),
      );
      const told = encoder && (await encoder.encode(texts));
      const states =
        sessions &&
        (await encodeBatch(
          sessions,
          batch.map(({ history }) => spreadBaskets(history ?? [])),
        ));
      const seen = look && (await look(batch.map(({ product }) => product)));
      return batch.map(({ id, product, history }, i) => {
        const text = encoder && told?.subarray(i * encoder.width, (i + 1) * encoder.width);
        let vector: Float32Array;
        if (history !== undefined)
          vector = unit(states!.slice(i * sessions!.config.width, (i + 1) * sessions!.config.width));
        else if (product !== undefined && fusion !== undefined)
          vector = productVector(
            product,
            fusion,
            text?.some((x) => x !== 0) ? text : undefined,
            undefined,
            seen?.vectors.get(i),
          );
        else vector = unit((text ?? new Float32Array(catalogue.vectors.width)).slice());
        const silent = vector.every((x) => x === 0);
        return {
          ...(id === undefined ? {} : { id }),
          vector: [...(silent ? middle(catalogue.vectors) : vector)].map((x) => Number(x.toFixed(6))),
          ...(silent ? { fallback: history === undefined ? 'no words' : 'no events' } : {}),
          ...(seen?.reasons.has(i) ? { picture: seen.reasons.get(i) } : {}),
        };
      });
    });
    return 0;
  },
};

/** The direction of the mean product: what is known of a thing of which nothing is told. */
function middle({ width, data }: VectorTable): Float32Array {
  const sum = new Float32Array(width);
  data.forEach((x, at) => {
    sum[at % width]! += x;
  });
  return unit(sum);
}

/** The same lines, history aside, through a published model. */
async function embedWithCheckpoint(checkpoint: string, io: Io): Promise<number> {
  const teacher = await openTeacher(checkpoint, HUB);
  const { width } = teacher;
  const readLine = (raw: unknown) => {
    const { id, text, product } = read(schema, raw);
    // A published model knows no shop, and no words are made of prices.
    const currency = currencyIn(product?.price) ?? SHOP_DEFAULTS.currency;
    const words =
      text ?? (product == null ? undefined : productText(readProduct({ sku: '?', ...product }, currency)));
    if (words === undefined) throw new BadInput({}, 'text or product', show(raw));
    return { id: id ?? undefined, words };
  };
  try {
    await answerLines(io, readLine, async (batch) => {
      const vectors = await teacher.encode(batch.map(({ words }) => words));
      return batch.map(({ id }, i) => ({
        ...(id === undefined ? {} : { id }),
        vector: [...vectors.subarray(i * width, (i + 1) * width)].map((x) => Number(x.toFixed(6))),
      }));
    });
  } finally {
    await teacher.close();
  }
  return 0;
}
