/** Trained encoders as the files of a bundle. */

import { type CatalogueFile, type ProductColumns, SCALE_SUFFIX } from '../../shared/bundle.ts';
import { isReduced } from '../../shared/features/lookup.ts';
import type { SessionEncoderConfig } from '../../shared/models/session-encoder.ts';
import type { Product } from '../../shared/product.ts';
import { packParameters, type Quantized, quantizeRows } from '../../shared/quantize.ts';
import { relationTensors } from '../../shared/recommend/relation.ts';
import { classifierTensors } from '../../shared/search/classifier.ts';
import { writeLexicalIndex } from '../../shared/search/lexical-file.ts';
import { type Tensors, writeTensors } from '../../shared/tensors.ts';
import { packedParameters } from '../graph/index.ts';
import { MATCHER_FILE, matcherFile } from '../matching/matcher-file.ts';
import { memoryTensors } from '../recommend/count-memory.ts';
import { COUNTS_FILE } from '../recommend/earlier-recommender.ts';
import { TEXT_TABLE_FILE } from '../recommend/open-bundle-tables.ts';
import { PAST_FILE, writePast } from '../recommend/past.ts';
import type { BundleFile } from '../release/bundle.ts';
import { byTitle } from '../search/by-title.ts';
import { checkpointFiles } from './bert/checkpoint-files.ts';
import type { EncoderModels } from './models.ts';
import { PICTURE_FILE, writePictureModel } from './pictures/picture-file.ts';
import { productTable } from './product-table.ts';
import { sessionOnnx } from './session-export.ts';
import { textOnnx } from './text-export.ts';
import { trainedText } from './text-width.ts';

/** Products in the first group: the most visited, with price and category. */
export const FIRST_PRODUCTS = 256;
/**
 * Those of them with vectors, 64 bytes that no compression makes smaller: with 256, what comes before the first
 * decision would exceed 200 KB. The rest count as unknown for the two seconds until the idle group is here.
 */
export const FIRST_VECTORS = 64;

export interface EncoderExport {
  files: BundleFile[];
  /** For first.safetensors: the packed session encoder and the first FIRST_VECTORS rows of the product table. */
  firstTensors: Tensors;
  /** For first.json. */
  first: { session?: SessionEncoderConfig; products: ProductColumns };
  /** Parts that were trained, for the manifest. */
  parts: string[];
  /** Full precision, for the next training: never published. */
  trainer: Record<string, Uint8Array>;
}

export function exportEncoders(models: EncoderModels): EncoderExport {
  const { catalogue, session, text, recommend, search, classifier, matcher, tokenizer } = models;
  const { products } = catalogue;
  const rows = products.length;
  const width = models.fusion.width;
  const table = rows === 0 ? {} : tableTensors('products', productTable(models.vectors, rows, width));
  const files: BundleFile[] = [];
  const add = (path: string, role: BundleFile['role'], bytes: Uint8Array): void => {
    files.push({ path, role, group: 'idle', bytes });
  };
  const packed = session && packParameters(session.parameters);
  if (session !== undefined && packed !== undefined) {
    add('session.onnx', 'session-onnx', sessionOnnx(packedParameters(packed), session.config));
  }
  if (rows > 0) {
    add('catalogue.json', 'catalogue', json(catalogueFile(models)));
    const published = { ...table, ...(searchesByMeaning(models) ? textTable(models) : {}) };
    add('products.safetensors', 'products', writeTensors(published));
  }
  if (recommend !== undefined) {
    const { next, before, together, complements, popularity, blend } = recommend;
    const tensors: Tensors = {
      ...(next === undefined ? {} : relationTensors('next', next)),
      ...(before === undefined ? {} : relationTensors('before', before)),
      ...(together === undefined ? {} : relationTensors('together', together)),
      ...(complements === undefined ? {} : relationTensors('complements', complements)),
      popularity: { shape: [rows], data: popularity },
      blend: { shape: [blend.length, blend[0]!.length], data: Float32Array.from(blend.flat()) },
    };
    add('neighbours.safetensors', 'neighbours', writeTensors(tensors));
  }
  if (text !== undefined && tokenizer !== undefined) {
    add('tokenizer.json', 'tokenizer', json(tokenizer));
    const tensors = packParameters(text.parameters);
    add('text.safetensors', 'text-tensors', writeTensors(tensors));
    add('text.onnx', 'text-onnx', textOnnx(packedParameters(tensors), text.config));
  }
  if (search !== undefined && rows > 0)
    add('search.safetensors', 'search', writeLexicalIndex(search, byTitle(products)));
  if (classifier !== undefined) {
    const { tensors, metadata } = classifierTensors(classifier);
    add('classify.safetensors', 'classify', writeTensors(tensors, metadata));
  }
  const first = Math.min(FIRST_PRODUCTS, rows);
  return {
    files,
    firstTensors: {
      ...packed,
      ...prefixOf(table, Math.min(FIRST_VECTORS, rows), width),
    },
    first: {
      ...(session === undefined ? {} : { session: session.config }),
      products: productColumns(products.slice(0, first)),
    },
    parts: partsOf(models),
    trainer: {
      ...(session === undefined ? {} : { 'session.safetensors': writeTensors(session.parameters) }),
      ...(text === undefined ? {} : { 'text.safetensors': writeTensors(trainedText(text).parameters) }),
      ...(matcher === undefined ? {} : { [MATCHER_FILE]: matcherFile(matcher) }),
      ...(searchesByMeaning(models) ? {} : textFile(models)),
      ...teacherFiles(models),
      ...pictureFiles(models),
      ...rememberedFiles(models),
      'encoders.json': json(models.report),
    },
  };
}

/** Whether judged queries speak for meaning beside words. No device gets its table for less. */
const searchesByMeaning = ({ search }: EncoderModels): boolean => (search?.ranker?.meaning ?? 0) > 0;

const textTable = ({ textVectors: data, catalogue, fusion }: EncoderModels): Tensors =>
  data === undefined
    ? {}
    : tableTensors('text', quantizeRows({ shape: [catalogue.products.length, fusion.width], data }, 'text'));

/** For the command line, where meaning orders what words leave equal. */
function textFile(models: EncoderModels): Record<string, Uint8Array> {
  const table = textTable(models);
  return Object.keys(table).length === 0 ? {} : { [TEXT_TABLE_FILE]: writeTensors(table) };
}

/** A folder that `embed --checkpoint` and `train --teacher` open. */
function teacherFiles({ tunedTeacher }: EncoderModels): Record<string, Uint8Array> {
  const files = tunedTeacher === undefined ? {} : checkpointFiles(tunedTeacher.bert, tunedTeacher.pooling);
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`teacher/${name}`, bytes]));
}

/** The picture encoder stays with the trainer: devices get its vectors, and a page names no pixels. */
function pictureFiles({ pictures, refusedPictures = [] }: EncoderModels): Record<string, Uint8Array> {
  return {
    ...(pictures === undefined ? {} : { [PICTURE_FILE]: writePictureModel(pictures) }),
    ...(refusedPictures.length === 0
      ? {}
      : { 'pictures-refused.json': json(refusedPictures.map(({ place: _, ...told }) => told)) }),
  };
}

/** What the next training goes on from; a shopper's name, date or search is in none of it. */
function rememberedFiles({ remembered }: EncoderModels): Record<string, Uint8Array> {
  if (remembered === undefined) return {};
  const { tensors, metadata } = memoryTensors(remembered.memory);
  return {
    [COUNTS_FILE]: writeTensors(tensors, { ...metadata, sketch: JSON.stringify(remembered.sketch) }),
    [PAST_FILE]: writePast(remembered.past),
  };
}

function partsOf(models: EncoderModels): string[] {
  const has: Record<string, unknown> = {
    text: models.text,
    items: models.recommend,
    session: models.session,
    recommend: models.recommend,
    search: models.search,
    classify: models.classifier,
  };
  return Object.keys(has).filter((part) => has[part] !== undefined);
}

/** Columns of products, in their order. */
export function productColumns(products: readonly Product[]): ProductColumns {
  const categories = new Map<string, number>();
  const brands = new Map<string, number>();
  const place = (map: Map<string, number>, key: string): number => {
    if (!map.has(key)) map.set(key, map.size);
    return map.get(key)!;
  };
  const columns = {
    sku: products.map(({ sku }) => sku),
    price: products.map(({ price }) => price ?? null),
    category: products.map(({ category }) =>
      category.length === 0 ? -1 : place(categories, JSON.stringify(category)),
    ),
    brand: products.map(({ brand }) => (brand === undefined || brand === '' ? -1 : place(brands, brand))),
  };
  return {
    ...columns,
    categories: [...categories.keys()].map((key) => JSON.parse(key) as string[]),
    brands: [...brands.keys()],
    ...(products.some(isReduced) ? { reduced: products.map((product) => (isReduced(product) ? 1 : 0)) } : {}),
  };
}

function catalogueFile({ catalogue, text, fusion, relations = [] }: EncoderModels): CatalogueFile {
  const { products } = catalogue;
  const pictured = products.some(({ image }) => image !== undefined);
  return {
    products: {
      ...productColumns(products),
      title: products.map(({ title }) => title),
      available: products.map(({ stock }) => (stock === undefined || stock > 0 ? 1 : 0)),
      ...(pictured ? { image: products.map(({ image }) => image ?? null) } : {}),
    },
    fusion,
    ...(relations.length === 0 ? {} : { relations: [...relations] }),
    ...(text === undefined ? {} : { text: text.config }),
  };
}

const tableTensors = (name: string, { int8, scale }: Quantized): Tensors => ({
  [name]: int8,
  [name + SCALE_SUFFIX]: scale,
});

function prefixOf(table: Tensors, rows: number, width: number): Tensors {
  if (rows === 0) return {};
  const int8 = table.products!.data.slice(0, rows * width);
  const scale = table[`products${SCALE_SUFFIX}`]!.data.slice(0, rows);
  return {
    products: { shape: [rows, width], data: int8 },
    [`products${SCALE_SUFFIX}`]: { shape: [rows], data: scale },
  };
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
