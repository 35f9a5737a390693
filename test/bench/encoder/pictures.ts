/**
 * What the picture branch sees: the demo shop's products with the pictures drawn for them, four fifths trained on. The
 * rest are told by their pictures alone: each takes the category of the trained product that is nearest by cosine.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../../demo-shop/catalogue/catalogue.ts';
import { picture } from '../../../demo-shop/catalogue/pictures/picture.ts';
import { productVector } from '../../../shared/features/product-vector.ts';
import type { Product } from '../../../shared/product.ts';
import { seeded, shuffle } from '../../../shared/random.ts';
import { products as innerProducts } from '../../../shared/recommend/parts.ts';
import { type EncoderModels, trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { openPictureSession } from '../../../trainer-server/encoders/pictures/picture-file.ts';
import { encodePictures } from '../../../trainer-server/encoders/pictures/picture-network.ts';
import { readPictures } from '../../../trainer-server/encoders/pictures/read-pictures.ts';
import type { TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import type { Figures } from '../bench.ts';
import { sixteenths } from './branches.ts';
import { demoBranches, type PictureVectors } from './demo-branches.ts';
import { optionsOf } from './edge-encoder.ts';

export async function pictureQuality(
  settings: TextTrainingOptions,
  say: (line: string) => void,
): Promise<Figures> {
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-pictures-'));
  try {
    const all = shuffle(await drawn(dir), seeded('pictures'));
    const fresh = all.slice(0, Math.ceil(all.length / 5));
    const known = all.slice(fresh.length);
    const began = performance.now();
    const models = await trainEncoders(
      { dir, products: known, events: [], pairs: [] },
      {
        ...optionsOf(settings),
        only: ['text', 'items'],
        priceEdges: sixteenths(known),
      },
    );
    const seconds = (performance.now() - began) / 1000;
    if (models.pictures === undefined) throw new Error('expected the demo shop to teach a picture encoder');
    const seen = await seenPictures(dir, fresh, models);
    const rows = nearestByPicture(fresh, seen, models);
    const right = fresh.filter(
      ({ category }, i) => models.catalogue.products[rows[i]!]!.category[0] === category[0],
    ).length;
    const share = right / fresh.length;
    const { low, high } = wilson(share, fresh.length);
    const most = mostCommonShare(known, fresh);
    say(
      `a new product's category by its picture alone, ${fresh.length} of ${all.length} (${seconds.toFixed(0)} s):`,
    );
    say(
      `  right ${share.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}); the commonest category ${most.toFixed(3)}`,
    );
    const branches = await demoBranches(models, fresh, { known: models.pictures.vectors, fresh: seen }, say);
    return {
      ...branches,
      picture_category_accuracy: share,
      picture_category_accuracy_low: low,
      picture_category_chance: most,
      picture_held_out_rank: models.pictures.report.heldOutRank,
      picture_held_out_rank_by_chance: models.pictures.report.heldOutChance,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The shop's products, their pictures written into the folder. */
async function drawn(dir: string): Promise<Product[]> {
  await mkdir(join(dir, 'pictures'));
  return Promise.all(
    catalogue().map(async (product): Promise<Product> => {
      const image = `pictures/${product.sku}.svg`;
      await writeFile(join(dir, image), picture(product));
      return {
        sku: product.sku,
        title: product.title[0],
        category: product.category.map(([part]) => part),
        brand: product.brand,
        price: Math.round(100 * product.price),
        rating: product.rating,
        ratingCount: product.ratingCount,
        image,
      };
    }),
  );
}

/** Unit vectors of the fresh products' pictures, by place. */
async function seenPictures(
  dir: string,
  fresh: readonly Product[],
  { pictures }: EncoderModels,
): Promise<PictureVectors> {
  const { config } = pictures!;
  const { pixels } = await readPictures(dir, fresh, config.side);
  const session = await openPictureSession(pictures!);
  const seen = await encodePictures(session, config, [...pixels.values()]);
  await session.close();
  const width = config.vectorWidth;
  return new Map([...pixels.keys()].map((place, at) => [place, seen.subarray(at * width, (at + 1) * width)]));
}

/** The nearest trained product of each fresh one, whose picture alone is known. */
function nearestByPicture(
  fresh: readonly Product[],
  seen: PictureVectors,
  { fusion, vectors }: EncoderModels,
): number[] {
  return fresh.map(({ sku }, i) => {
    const own = productVector({ sku, category: [] }, fusion, undefined, undefined, seen.get(i));
    const scores = innerProducts({ width: fusion.width, data: vectors }, own);
    return scores.indexOf(Math.max(...scores));
  });
}

/** How often the commonest category of the trained products would be right. */
function mostCommonShare(known: readonly Product[], fresh: readonly Product[]): number {
  const count = (of: readonly Product[], top: string): number =>
    of.filter(({ category }) => category[0] === top).length;
  const tops = [...new Set(known.map(({ category }) => category[0]!))];
  const most = tops.reduce((best, top) => (count(known, top) > count(known, best) ? top : best));
  return count(fresh, most) / fresh.length;
}

/** 95 % interval of a share (Wilson 1927). */
function wilson(share: number, n: number): { low: number; high: number } {
  const z = 1.96;
  const centre = share + z ** 2 / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  return { low: (centre - spread) / scale, high: (centre + spread) / scale };
}
