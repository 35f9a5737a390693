/**
 * The edge encoder on the titles of Amazon-Google (shared data), asked which labelled pairs are one product: trained on
 * the titles alone, then with labels in full and by low-rank adapters; and taught by a teacher, no label seen.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import { promoEdgeJson } from '../../helpers/cli.ts';
import type { Figures } from '../bench.ts';
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

/** Of the vector, the whole last. */
const WIDTHS = [16, 32, 64];
const RANK = 8;

/** @param checkpoint a published model as the teacher; absent: the encoder that saw the labels */
export async function edgeEncoder(
  checkpoint: string | undefined,
  say: (line: string) => void,
): Promise<Figures> {
  const [learn, asked] = [labelledPairs('train'), labelledPairs('valid')];
  const products = productsOf([...learn, ...asked]);
  const numbers = new Map(products.map(({ sku }, i) => [sku, `p${i}`]));
  const numbered = (product: Titled): Titled => ({ ...product, sku: numbers.get(product.sku)! });
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-encoder-'));
  const quality = (vectors: Vectors, width = Number.POSITIVE_INFINITY): number =>
    averagePrecision(asked, likeness(asked, vectors, width));
  try {
    const folder = async (name: string, pairs: readonly LabelledPair[]): Promise<string> => {
      const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
      await mkdir(join(dir, name));
      await writeFile(join(dir, name, 'products.jsonl'), lines(products.map(numbered)));
      const told = pairs.map(({ a, b, label }) => ({ a: numbered(a), b: numbered(b), label }));
      if (told.length > 0) await writeFile(join(dir, name, 'pairs.jsonl'), lines(told));
      return join(dir, name);
    };
    const [titles, labels] = [await folder('titles', []), await folder('labels', learn)];
    const trained = async (data: string, name: string, ...given: string[]): Promise<Vectors> => {
      const out = join(dir, name);
      await promoEdgeJson(['train', '--data', data, '--out', out, '--only', 'text', ...given]);
      return vectorsOf(products, ['--bundle', out]);
    };
    const alone = await trained(titles, 'alone');
    const full = await trained(labels, 'full', '--from', join(dir, 'alone'));
    const lora = await trained(labels, 'lora', '--from', join(dir, 'alone'), '--lora', `${RANK}`);
    const teacher = checkpoint ?? join(dir, 'full');
    const taught = await trained(titles, 'taught', '--teacher', teacher);
    const best = await vectorsOf(
      products,
      checkpoint === undefined ? ['--bundle', teacher] : ['--checkpoint', teacher],
    );

    say(
      `same product, average precision on ${asked.length} pairs (by chance ${share(asked).toFixed(3)}), by width:`,
    );
    const told = { alone, full, lora, taught, teacher: best };
    for (const [name, vectors] of Object.entries(told))
      say(`  ${name.padEnd(8)} ${WIDTHS.map((width) => quality(vectors, width).toFixed(3)).join('  ')}`);
    const report = await (await openBundle(join(dir, 'lora'))).trainerFile('encoders.json');
    const { text_loraShare } = JSON.parse(new TextDecoder().decode(report)) as Record<string, number>;
    const threshold = bestThreshold(learn, likeness(learn, full));
    return {
      lora_share: text_loraShare!,
      lora_quality_ratio: quality(lora) / quality(full),
      distil_quality_ratio: quality(taught) / quality(best),
      untaught_quality_ratio: quality(alone) / quality(best),
      width32_quality_ratio: quality(full, 32) / quality(full),
      width16_quality_ratio: quality(full, 16) / quality(full),
      amazon_google_f1: f1(asked, likeness(asked, full), threshold),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const share = (pairs: readonly LabelledPair[]): number =>
  pairs.filter(({ label }) => label === 1).length / pairs.length;

/** By sku. */
type Vectors = Map<string, readonly number[]>;

async function vectorsOf(products: readonly Titled[], from: readonly string[]): Promise<Vectors> {
  const answers = await promoEdgeJson<{ id: number; vector: number[] }>(
    ['embed', ...from],
    products.map(({ title, brand }, id) => ({ id, text: [title, brand].filter(Boolean).join('. ') })),
  );
  return new Map(answers.map(({ id, vector }) => [products[id]!.sku, vector]));
}
