/** A release's content as something that can decide. */

import type { CatalogueFile, FirstMeta, ProductColumns } from '../shared/bundle.ts';
import type { DecisionModel } from '../shared/decide.ts';
import { decisionModelOf } from '../shared/decision-model.ts';
import { Untrusted } from '../shared/errors.ts';
import type { FileRole, Manifest } from '../shared/manifest.ts';
import { readTensors, type Tensors } from '../shared/tensors.ts';

/** What it is made of; every file has been checked. */
export interface ModelFiles {
  manifest: Manifest;
  files: ReadonlyMap<FileRole, Uint8Array>;
}

export interface Model {
  release: ModelFiles;
  meta: FirstMeta;
  tensors: Tensors;
  decision: DecisionModel;
  /** The whole catalogue's columns once the idle group is here; the most visited products' before. */
  products: ProductColumns & Partial<Pick<CatalogueFile['products'], 'title' | 'available' | 'image'>>;
  /** What the merchant states of products, once the idle group is here. */
  relations?: CatalogueFile['relations'];
}

export const knows = ({ decision }: Model, sku: string): boolean => decision.products.find(sku) !== undefined;

/** @throws Untrusted where the first group's content cannot be used, although its bytes are the signed ones */
export function openModel(release: ModelFiles): Model {
  const { manifest, files } = release;
  const metaBytes = files.get('first-meta');
  const tensorBytes = files.get('first-tensors');
  if (metaBytes === undefined || tensorBytes === undefined) {
    throw new Untrusted('format', `manifest ${manifest.version}: expected first.json and first.safetensors`);
  }
  const meta = json<FirstMeta>(metaBytes);
  const whole = files.get('catalogue');
  const catalogue = whole && json<CatalogueFile>(whole);
  // The first rows of the whole table are the first group's: row numbers agree.
  const products = catalogue?.products ?? meta.products;
  const table = files.get('products');
  return {
    release,
    meta,
    products,
    tensors: {
      ...readTensors(tensorBytes, 'first.safetensors'),
      ...(table === undefined ? {} : readTensors(table, 'products.safetensors')),
    },
    decision: decisionModelOf(meta, products, manifest),
    ...(catalogue?.relations && { relations: catalogue.relations }),
  };
}

const json = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;
