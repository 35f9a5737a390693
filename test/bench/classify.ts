/**
 * `train` and `classify` on PriceRunner's titles (shared data): products of a fifth of the clusters are told their
 * category, those of the others teach it; all of them, then 5, 20 and 100 a class (means of three draws), without and with
 * other titles that have none. Then `match`
 * on the pairs of Amazon-Google.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash32, seeded, shuffle } from '../../shared/random.ts';
import { promoEdgeJson } from '../helpers/cli.ts';
import type { Bench, Figures } from './bench.ts';
import { matcherQuality } from './encoder/matcher.ts';
import { type PricedTitle, pricerunner } from './encoder/pricerunner.ts';

const FOLDS = 5;

/** Titles that are in the catalogue without a category. */
const UNLABELLED = 3000;

interface Told {
  accuracy: number;
  /** Mean confidence less accuracy: 0 where it is as sure as it is right. */
  overconfidence: number;
}

export const bench: Bench = {
  summary:
    'category accuracy, with all labels and with few, and same-product matching (needs npm run build and the shared data)',
  async run({ quick, say }): Promise<Figures> {
    const products = pricerunner();
    const asked = products.filter(({ cluster }) => hash32(cluster) % FOLDS === 0);
    const known = products.filter(({ cluster }) => hash32(cluster) % FOLDS !== 0);
    const all = await classifyAfter(known, asked);
    say(`all ${known.length} labels: accuracy ${all.accuracy.toFixed(4)} on ${asked.length}`);
    const figures: Figures = {
      pricerunner_accuracy: all.accuracy,
      pricerunner_overconfidence: all.overconfidence,
      products: asked.length,
    };
    for (const labels of [5, 20, 100]) {
      for (const [name, more] of [
        ['', 0],
        ['_unlabelled', UNLABELLED],
      ] as const) {
        const draws: Told[] = [];
        for (let draw = 0; draw < (quick ? 1 : 3); draw++) {
          const told = drawn(known, labels, `draw ${draw}`);
          const untold = known.filter((line) => !told.includes(line));
          const others = shuffle(untold, seeded(`others ${draw}`)).slice(0, more);
          draws.push(await classifyAfter(told, asked, others));
        }
        const mean = (figure: keyof Told): number =>
          draws.reduce((sum, told) => sum + told[figure], 0) / draws.length;
        figures[`few_shot_${labels}${name}`] = mean('accuracy');
        figures[`few_shot_${labels}${name}_overconfidence`] = mean('overconfidence');
        const beside = more === 0 ? '' : ` and ${more} titles without one`;
        say(`${labels} labels a class${beside}: accuracy ${mean('accuracy').toFixed(4)}`);
      }
    }
    const match = await matcherQuality();
    say(
      `same product, Amazon-Google: F1 ${match.f1.toFixed(4)}, precision ${match.precision.toFixed(3)}, recall ${match.recall.toFixed(3)}`,
    );
    return { ...figures, amazon_google_f1: match.f1, amazon_google_f1_promised: match.promised };
  },
};

function drawn(known: readonly PricedTitle[], labels: number, seed: string): PricedTitle[] {
  const left = new Map<string, number>();
  return shuffle([...known], seeded(seed)).filter(({ category }) => {
    const taken = left.get(category) ?? 0;
    left.set(category, taken + 1);
    return taken < labels;
  });
}

/** @param others products of the catalogue whose category is not told */
async function classifyAfter(
  known: readonly PricedTitle[],
  asked: readonly PricedTitle[],
  others: readonly PricedTitle[] = [],
): Promise<Told> {
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-classify-'));
  try {
    const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
    await mkdir(data);
    const lines = [
      ...known.map(({ sku, title, category }) => JSON.stringify({ sku, title, category })),
      ...others.map(({ sku, title }) => JSON.stringify({ sku, title })),
    ];
    await writeFile(join(data, 'products.jsonl'), lines.join('\n'));
    await promoEdgeJson(['train', '--data', data, '--out', bundle, '--only', 'classify']);
    const told = await promoEdgeJson<{ sku: string; category: string; confidence: number }>(
      ['classify', '--bundle', bundle],
      asked.map(({ sku, title }) => ({ sku, title })),
    );
    const right = told.filter(({ category }, i) => category === asked[i]!.category).length / told.length;
    const sure = told.reduce((sum, { confidence }) => sum + confidence, 0) / told.length;
    return { accuracy: right, overconfidence: sure - right };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
