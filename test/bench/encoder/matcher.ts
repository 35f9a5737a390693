/** `train` and `match` on Amazon-Google (shared data): fitted on its training pairs, asked its validation pairs. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import { promoEdgeJson } from '../../helpers/cli.ts';
import { f1, type LabelledPair, labelledPairs, productsOf } from './same-product.ts';

export interface MatcherQuality {
  f1: number;
  precision: number;
  recall: number;
  /** What training said of itself, on training pairs that it left out. */
  promised: number;
}

/** The products of both splits are the catalogue; labels of the training pairs alone are told. */
export async function matcherQuality(): Promise<MatcherQuality> {
  const [learn, asked] = [labelledPairs('train'), labelledPairs('valid')];
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-match-'));
  try {
    const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
    const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
    await mkdir(data);
    await writeFile(join(data, 'products.jsonl'), lines(productsOf([...learn, ...asked])));
    await writeFile(join(data, 'pairs.jsonl'), lines(learn));
    await promoEdgeJson(['train', '--data', data, '--out', bundle, '--only', 'classify']);
    const told = await promoEdgeJson<{ same: boolean }>(
      ['match', '--bundle', bundle],
      asked.map(({ a, b }) => ({ a, b })),
    );
    const report = await (await openBundle(bundle)).trainerFile('encoders.json');
    const { match_f1 } = JSON.parse(new TextDecoder().decode(report)) as { match_f1: number };
    return { ...qualityOf(asked, told), promised: match_f1 };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function qualityOf(
  asked: readonly LabelledPair[],
  told: readonly { same: boolean }[],
): Omit<MatcherQuality, 'promised'> {
  const right = asked.filter(({ label }, i) => label === 1 && told[i]!.same).length;
  const says = told.map(({ same }) => Number(same));
  return {
    f1: f1(asked, says, 1),
    precision: right / Math.max(1, says.filter(Boolean).length),
    recall: right / asked.filter(({ label }) => label === 1).length,
  };
}
