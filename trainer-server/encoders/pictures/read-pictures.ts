/** Pixels of a catalogue's pictures: files of the data folder, never the network. */

import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Product } from '../../../shared/product.ts';

export interface RefusedPicture {
  /** In the products that were given. */
  place: number;
  sku: string;
  /** As the product names it. */
  file: string;
  reason: string;
}

export interface Pictures {
  /** By place in the products that were given. */
  pixels: Map<number, Uint8Array>;
  refused: RefusedPicture[];
  /** Products whose picture is no file of the folder: an address on the network, or not delivered. */
  absent: number;
}

/** Decoded at once: enough to keep the decoder's threads busy. */
const AT_ONCE = 8;
/** Pixels of a picture as it is stored; beyond is an attack or a mistake. */
const MOST_PIXELS = 50_000_000;

/**
 * Every product's `image`, a path relative to `dir` (JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG), scaled into a square on
 * white. The decoder is only loaded where there is a file to decode.
 */
export async function readPictures(
  dir: string,
  products: readonly Pick<Product, 'sku' | 'image'>[],
  side: number,
): Promise<Pictures> {
  const out: Pictures = { pixels: new Map(), refused: [], absent: 0 };
  const named = products.flatMap(({ sku, image }, place) =>
    image === undefined || image === '' ? [] : [{ sku, image, place }],
  );
  for (let from = 0; from < named.length; from += AT_ONCE) {
    const read = named.slice(from, from + AT_ONCE).map(async ({ sku, image, place }) => {
      try {
        const file = await fileOf(dir, image);
        if (file === undefined) out.absent++;
        else out.pixels.set(place, await decoded(file, side));
      } catch (error) {
        out.refused.push({ place, sku, file: image, reason: (error as Error).message.split('\n')[0]! });
      }
    });
    await Promise.all(read);
  }
  return out;
}

/** Where the picture lies; undefined where it is none of the folder's files. @throws Error for a path out of it */
async function fileOf(dir: string, image: string): Promise<string | undefined> {
  if (/^[a-z][a-z+.-]*:/i.test(image)) return undefined;
  const root = await realpath(dir);
  const path = resolve(root, image);
  const found = await realpath(path).catch(() => undefined);
  // A link may lead out of the folder too.
  for (const each of [path, found ?? path]) {
    const inside = relative(root, each);
    if (inside.startsWith('..') || isAbsolute(inside)) throw new Error('expected a file of the data folder');
  }
  return found;
}

async function decoded(file: string, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const { data } = await sharp(file, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    .rotate()
    .resize(side, side, { fit: 'contain', background: '#fff' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (data.length !== side * side * 3)
    throw new Error(`expected ${side * side * 3} values, got ${data.length}`);
  return new Uint8Array(data);
}
