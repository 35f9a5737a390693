/** What belongs together, as pairs of texts: what the text encoder is fine-tuned on. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { categoryText, productText } from '../../shared/features/profile-text.ts';
import type { Product } from '../../shared/product.ts';
import type { Random } from '../../shared/random.ts';
import type { TextPair } from '../dataset/rows.ts';
import type { Trail } from '../recommend/trails.ts';
import type { Catalogue } from './catalogue.ts';
import type { TextTrainingOptions } from './text-options.ts';

/** Two texts about one thing, or of things wanted together. `key` marks pairs that must not be each other's negatives. */
export interface Positive {
  a: string;
  b: string;
  key: string;
  /** Text of the product that it was drawn of: what a share of all pairs is held out by. */
  about: string;
}

export interface PairSource {
  name: 'views' | 'behaviour' | 'searches' | 'labelled';
  /** Relative share of a batch, a whole number. */
  weight: number;
  draw(random: Random): Positive;
}

/** Steps between two products of a session that still count as wanted together. */
const REACH = 3;

/** The sources that the data allows; empty where no product has text. */
export function pairSources(
  catalogue: Catalogue,
  events: readonly BehaviourEvent[],
  labelled: readonly TextPair[],
  { deletion, category }: Pick<TextTrainingOptions['contrastive'], 'deletion' | 'category'>,
): PairSource[] {
  const sources: PairSource[] = [];
  const rows = catalogue.products.flatMap(({ title, description }, row) =>
    title !== '' || description ? [row] : [],
  );
  if (rows.length > 1) {
    const viewed = category
      ? catalogue.products
      : catalogue.products.map((product) => ({ ...product, category: [] }));
    const draw = (random: Random): Positive =>
      twoViews(viewed[rows[random.int(rows.length)]!]!, random, deletion);
    sources.push({ name: 'views', weight: 1, draw });
  }
  const walks = catalogue.trails.filter((trail) => trail.rows.length > 1);
  const told = new Set(rows);
  if (told.size > 1 && walks.length >= 50) {
    sources.push({
      name: 'behaviour',
      weight: 1,
      draw: (random) => wantedTogether(catalogue, walks, told, random, deletion),
    });
  }
  const searches = searchesAnswered(catalogue, events, told);
  if (searches.length >= 20) {
    sources.push({ name: 'searches', weight: 1, draw: (random) => searches[random.int(searches.length)]! });
  }
  const same = labelled.filter(({ label }) => label === 1);
  if (same.length > 0) {
    const draw = (random: Random): Positive =>
      labelledPair(same[random.int(same.length)]!, random, deletion / 2);
    sources.push({ name: 'labelled', weight: 2, draw });
  }
  return sources;
}

/** One product told twice: its title against category, brand and description, or its text with words left out. */
function twoViews(product: Product, random: Random, deletion: number): Positive {
  const rest = [categoryText(product.category), product.brand, product.description]
    .filter(Boolean)
    .join('. ');
  const whole = productText(product);
  const short = product.title === '' ? whole : product.title;
  const apart = rest !== '' && random.next() < 0.5;
  return {
    key: product.sku,
    about: whole,
    a: withoutSomeWords(short, random, apart ? 0 : deletion),
    b: apart ? rest : withoutSomeWords(whole, random, deletion),
  };
}

function wantedTogether(
  catalogue: Catalogue,
  walks: readonly Trail[],
  told: ReadonlySet<number>,
  random: Random,
  deletion: number,
): Positive {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { rows, sessions } = walks[random.int(walks.length)]!;
    const i = random.int(rows.length);
    const j = i + 1 + random.int(REACH);
    if (j >= rows.length || sessions[i] !== sessions[j] || rows[i] === rows[j]) continue;
    if (!told.has(rows[i]!) || !told.has(rows[j]!)) continue;
    const [a, b] = [catalogue.products[rows[i]!]!, catalogue.products[rows[j]!]!];
    const about = productText(a);
    return {
      key: a.sku,
      about,
      a: withoutSomeWords(about, random, deletion / 2),
      b: withoutSomeWords(productText(b), random, deletion / 2),
    };
  }
  const [row] = told;
  return twoViews(catalogue.products[row!]!, random, deletion);
}

/** A search and the product that was touched next. */
function searchesAnswered(
  catalogue: Catalogue,
  events: readonly BehaviourEvent[],
  told: ReadonlySet<number>,
): Positive[] {
  const pairs: Positive[] = [];
  events.forEach((event, i) => {
    const next = events[i + 1];
    if (event.name !== 'search' || event.query === undefined || next?.visitor !== event.visitor) return;
    const sku = next.name === 'view_item_list' ? undefined : itemsOf(next)[0]?.sku;
    const row = sku === undefined ? undefined : catalogue.rowOf(sku);
    if (row === undefined || !told.has(row)) return;
    const product = catalogue.products[row]!;
    const about = productText(product);
    pairs.push({ key: product.sku, about, a: event.query, b: about });
  });
  return pairs;
}

function labelledPair({ a, b }: TextPair, random: Random, chance: number): Positive {
  const drop = (text: string): string => withoutSomeWords(text, random, chance);
  const about = productText(a);
  return { key: `${a.sku} ${b.sku} ${a.title}`, about, a: drop(about), b: drop(productText(b)) };
}

/** Leaves each word out with this chance (Wu et al. 2020, CLEAR, arXiv 2012.15466: deletion); one always stays. */
export function withoutSomeWords(text: string, random: Random, chance: number): string {
  if (chance === 0) return text;
  const words = text.split(' ');
  const kept = words.filter(() => random.next() >= chance);
  return kept.length === 0 ? text : kept.join(' ');
}
