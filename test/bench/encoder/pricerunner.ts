/** PriceRunner's titles (shared data), each with its category, of ten, and the cluster of titles that are one product. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { realData } from '../../helpers/real-data.ts';

export interface PricedTitle {
  sku: string;
  title: string;
  category: string;
  cluster: string;
}

export function pricerunner(): PricedTitle[] {
  const lines = gunzipSync(readFileSync(realData('pricerunner/train.tsv.gz')))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.slice(1).map((line) => {
    const [sku, title, , cluster, , category] = line.split('\t') as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { sku, title, category: category.trim(), cluster };
  });
}
