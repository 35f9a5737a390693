/**
 * What devices are given of a bundle. Each of them fetches all of it, since no fetch may depend on what a shopper looks
 * at, so that the table of a large catalogue would cost every one of them megabytes for a few rows. Beyond a bound it
 * is left out but for the most visited products; the rest are placed on the device by what the page shows of them.
 */

import { type CatalogueFile, SCALE_SUFFIX } from '../../shared/bundle.ts';
import { BadInput } from '../../shared/errors.ts';
import type { FileRole } from '../../shared/manifest.ts';
import { readTensors, type Tensors, writeTensors } from '../../shared/tensors.ts';
import { type Bundle, sha256 } from './bundle.ts';

/** Products up to which a release has all of them: about 5 MB before compression, with neighbours and search index. */
export const DEVICE_PRODUCTS = 20_000;

/** What is of use with the whole table alone. */
const OF_ALL_PRODUCTS: readonly FileRole[] = ['neighbours', 'search'];

/** @returns the bundle itself where its catalogue is small enough */
export async function forDevices(bundle: Bundle, most = DEVICE_PRODUCTS): Promise<Bundle> {
  const catalogue = await bundle.catalogue();
  if (catalogue === undefined || catalogue.products.sku.length <= most) return bundle;
  const kept = (await bundle.first()).products.sku.length;
  // Text vectors serve the search, which goes.
  const { text: _, [`text${SCALE_SUFFIX}`]: __, ...table } = (await bundle.tensors('products')) ?? {};
  if (table.products === undefined)
    throw new BadInput({ file: 'products.safetensors' }, 'the table of the catalogue', 'none');
  const short = shortened(catalogue, kept);
  const changed = new Map<FileRole, Uint8Array | undefined>([
    ...OF_ALL_PRODUCTS.map((role) => [role, undefined] as const),
    ['catalogue', new TextEncoder().encode(JSON.stringify(short))],
    ['products', writeTensors(firstRows(table, kept))],
  ]);
  const files = bundle.manifest.files.flatMap((file) => {
    if (!changed.has(file.role)) return file;
    const bytes = changed.get(file.role);
    return bytes === undefined ? [] : { ...file, sha256: sha256(bytes), bytes: bytes.length };
  });
  const bytes: Bundle['bytes'] = async (role) => (changed.has(role) ? changed.get(role) : bundle.bytes(role));
  return {
    ...bundle,
    manifest: { ...bundle.manifest, files },
    bytes,
    catalogue: async () => short,
    async tensors(role) {
      const found = await bytes(role);
      return found && readTensors(found, role);
    },
  };
}

/** Categories and brands are numbered as they first occur, so that the first rows name the first of them. */
function shortened({ products, ...rest }: CatalogueFile, rows: number): CatalogueFile {
  const { categories, brands, ...columns } = products;
  const cut = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.slice(0, rows)]),
  ) as typeof columns;
  const named = (numbers: readonly number[]): number => 1 + Math.max(-1, ...numbers);
  return {
    ...rest,
    products: {
      ...cut,
      categories: categories.slice(0, named(cut.category)),
      brands: brands.slice(0, named(cut.brand)),
    },
  };
}

/** Of every table in it: int8 [rows, width], and its scales [rows]. */
function firstRows(tensors: Tensors, rows: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const width = name.endsWith(SCALE_SUFFIX) ? 1 : shape[1]!;
      return [name, { shape: [rows, ...shape.slice(1)], data: data.slice(0, rows * width) }];
    }),
  );
}
