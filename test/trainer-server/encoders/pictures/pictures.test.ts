import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../../../../shared/product.ts';
import { seeded } from '../../../../shared/random.ts';
import { trainEncoders } from '../../../../trainer-server/encoders/index.ts';
import { pictureReader } from '../../../../trainer-server/encoders/pictures/picture-reader.ts';
import { readPictures } from '../../../../trainer-server/encoders/pictures/read-pictures.ts';
import { trainPictures } from '../../../../trainer-server/encoders/pictures/train-pictures.ts';
import { openBundle } from '../../../../trainer-server/release/bundle.ts';
import { writeEncoderBundle } from '../../../helpers/encoder-bundle.ts';
import { smallTraining } from '../../../helpers/ring-shop.ts';

/** 1 by 1 pixel, half transparent red. */
const RED_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const COLOURS = { red: '#e00', green: '#0b0', blue: '#00e', grey: '#888' };
const NAMES = Object.keys(COLOURS) as (keyof typeof COLOURS)[];

/** A shape in its category's colour, somewhere on the page. */
function drawing(colour: keyof typeof COLOURS, i: number): string {
  const random = seeded(`${colour} ${i}`);
  const [x, y, size] = [10 + random.int(40), 10 + random.int(40), 25 + random.int(25)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><circle cx="${x + 20}" cy="${y + 20}" r="${size}" fill="${COLOURS[colour]}"/></svg>`;
}

let folder: string;
const at = (name: string): string => join(folder, name);
const product = (colour: keyof typeof COLOURS, i: number): Product => ({
  sku: `${colour}-${i}`,
  title: `${colour} thing`,
  category: [colour],
  image: `pictures/${colour}-${i}.svg`,
});
const products = NAMES.flatMap((colour) => Array.from({ length: 20 }, (_, i) => product(colour, i)));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  await mkdir(at('pictures'));
  for (const colour of NAMES)
    for (let i = 0; i < 21; i++) await writeFile(at(`pictures/${colour}-${i}.svg`), drawing(colour, i));
  await writeFile(at('red.png'), Buffer.from(RED_PNG, 'base64'));
  await writeFile(at('broken.jpg'), 'no picture at all');
  await symlink('/etc/hostname', at('link.png'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (image: string) => readPictures(folder, [{ sku: 'p', image }], 4);

describe('pixels of a picture', () => {
  it('are those of the file on white, scaled to the square', async () => {
    const { pixels } = await read('red.png');
    expect([...pixels.get(0)!.slice(0, 3)]).toEqual([255, 128, 128]);
    expect(pixels.get(0)).toHaveLength(4 * 4 * 3);
  });

  it('of a file that is no picture are refused by file, product and reason', async () => {
    const { pixels, refused } = await read('broken.jpg');
    expect(pixels.size).toBe(0);
    expect(refused).toEqual([
      { place: 0, sku: 'p', file: 'broken.jpg', reason: expect.stringContaining('unsupported image format') },
    ]);
  });

  it('never come from outside the data folder, nor through a link', async () => {
    for (const image of ['../../etc/hostname', '/etc/hostname', 'link.png']) {
      const { refused } = await read(image);
      expect(refused.map(({ reason }) => reason)).toEqual(['expected a file of the data folder']);
    }
  });

  it('are not fetched: an address, and a file that was not delivered, count as absent', async () => {
    for (const image of ['https://shop.example/a.jpg', 'data:image/png;base64,AAAA', 'pictures/none.svg']) {
      expect(await read(image)).toEqual({ pixels: new Map(), refused: [], absent: 1 });
    }
  });
});

describe('a catalogue with pictures', () => {
  it('places a product that it never saw among those that look like it, and says which picture it could not read', async () => {
    const said: string[] = [];
    const broken = { ...product('red', 99), image: 'broken.jpg' };
    const options = { ...smallTraining('pictures'), only: ['text' as const, 'items' as const] };
    const progress = { ...options.progress, say: (line: string) => void said.push(line) };
    const data = { dir: folder, products: [...products, broken], events: [], pairs: [] };
    const models = await trainEncoders(data, { ...options, progress });
    expect(said.join()).toContain('picture left out: broken.jpg of product red-99');
    // Five of each colour are told alike: a third is the most, 0.18 is chance.
    expect(models.report.pictures_heldOutRank!).toBeGreaterThan(1.5 * models.report.pictures_heldOutChance!);

    await writeEncoderBundle(at('bundle'), models);
    const look = (await pictureReader(await openBundle(at('bundle')), folder))!;
    const fresh = NAMES.map((colour) => product(colour, 20));
    const { vectors, reasons } = await look([...fresh, broken, undefined]);
    expect([...reasons.keys()]).toEqual([4]);
    const width = vectors.get(0)!.length;
    const likeness = (seen: Float32Array, colour: string): number => {
      const rows = models.catalogue.products.flatMap(({ category }, row) =>
        category[0] === colour ? [row] : [],
      );
      const of = (row: number): number =>
        seen.reduce((sum, x, i) => sum + x * models.vectors[row * width + i]!, 0);
      return rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    };
    NAMES.forEach((colour, i) => {
      const found = NAMES.map((other) => likeness(vectors.get(i)!, other));
      expect(NAMES[found.indexOf(Math.max(...found))]).toBe(colour);
    });
  }, 60_000);

  it('learns nothing from pictures that have nothing to do with their products', async () => {
    const { pixels } = await readPictures(folder, products, 32);
    const random = seeded('nothing');
    const content = Float32Array.from({ length: products.length * 64 }, () => random.normal() / 8);
    const options = smallTraining('nothing');
    expect(await trainPictures({ pixels, content, trails: [] }, options, options.pictures)).toBeUndefined();
  }, 60_000);

  it('costs nothing where no product names one', async () => {
    const plain = products.slice(0, 8).map(({ image: _, ...rest }) => rest);
    const options = { ...smallTraining('none'), only: ['items' as const] };
    const models = await trainEncoders({ dir: folder, products: plain, events: [], pairs: [] }, options);
    expect(models).not.toHaveProperty('pictures');
    await writeEncoderBundle(at('plain'), models);
    const bundle = await openBundle(at('plain'));
    await expect(pictureReader(bundle, folder)).rejects.toThrow(
      'a bundle whose training learned from pictures',
    );
  }, 30_000);
});
