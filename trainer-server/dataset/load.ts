/** A data folder (CONTRACT.md section 3) in memory: what every part of training reads. */

import { stat } from 'node:fs/promises';
import { type LoggedDecision, readLoggedDecision } from '../../shared/decision.ts';
import { BadInput } from '../../shared/errors.ts';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { type Product, readProduct } from '../../shared/product.ts';
import { NONE, type Promotion, readPromotions } from '../../shared/promotion.ts';
import type { PriceEntry } from '../../shared/promotions/law/prior-price.ts';
import { readStatedRelation, type StatedRelation } from '../../shared/recommend/stated-relations.ts';
import { readShop, SHOP_DEFAULTS, type Shop } from '../../shared/shop.ts';
import { areUnixSeconds } from '../../shared/unix-seconds.ts';
import { refuseSensitive } from '../law/sensitive.ts';
import { categoryCycle } from './category-cycles.ts';
import { find, inFile, loadJson, loadLines, readingOf } from './folder.ts';
import { inferShop } from './infer-shop.ts';
import { joinHistories } from './join-histories.ts';
import { namedCurrency } from './named-currency.ts';
import { withoutRepeats } from './repeated-decisions.ts';
import { type Judgement, readJudgement, readPair, readPriceEntry, type TextPair } from './rows.ts';
import { splitSharedNames } from './shared-names.ts';

export interface Dataset {
  dir: string;
  shop: Shop;
  products: Product[];
  /** By visitor in the order of first appearance, then in time order; ties and missing times keep the file's order. */
  events: BehaviourEvent[];
  /** Always holds `none`, first. */
  promotions: Promotion[];
  /** In time order; each with its history joined. */
  decisions: LoggedDecision[];
  pairs: TextPair[];
  judgements: Judgement[];
  /** What the merchant states of products; absent where the folder has no relations.jsonl. */
  relations?: StatedRelation[];
  /** Absent where the folder has no price_history.jsonl. */
  priceHistory?: PriceEntry[];
  /** What was inferred, dropped or joined, in words, for the log and the console. */
  notes: string[];
  /** Rows that were refused, already described with file and line. */
  rejected: string[];
}

/** Which files to read; all where absent. `decide` and `recommend` need only some of them. */
export type DatasetPart = 'products' | 'events' | 'promotions' | 'decisions' | 'pairs' | 'judgements';

/**
 * Loads a data folder. Missing files leave their part empty; a row that does not parse is kept in `rejected`, with
 * its place, and the rest goes on; a folder in which every row of a file is bad is refused.
 * @param told is told what share of the files' bytes was read
 * @throws BadInput where a whole document (shop.json, promotions.json) is wrong
 */
export async function loadDataset(
  dir: string,
  parts?: readonly DatasetPart[],
  told: (share: number) => void = () => undefined,
): Promise<Dataset> {
  const wanted = (part: DatasetPart) => parts === undefined || parts.includes(part);
  const folder = await stat(dir).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    throw new BadInput({ file: dir }, 'a data folder', folder === undefined ? 'nothing there' : 'a file');
  const notes: string[] = [];
  const rejected: string[] = [];
  const partial = await loadShop(dir);
  const catalogue = await find(dir, 'products.jsonl');
  const named =
    partial.currency === undefined && catalogue !== undefined ? await namedCurrency(catalogue) : undefined;
  const shop: Shop = { ...SHOP_DEFAULTS, ...(named && { currency: named }), ...partial };
  if (partial.currency === undefined)
    notes.push(
      `shop.json names no currency: ${shop.currency} ${named === undefined ? 'assumed' : 'by its prices'}`,
    );
  const reading = await readingOf(dir, told);
  const lines = <T>(name: string, parse: (raw: unknown) => T) =>
    loadLines(dir, name, parse, rejected, reading);

  const products = wanted('products')
    ? uniqueProducts(await lines('products.jsonl', (raw) => readProduct(raw, shop.currency)), notes)
    : [];
  const cycle = categoryCycle(products);
  if (cycle !== undefined)
    notes.push(
      `the categories are no tree, ${cycle.length > 8 ? `${cycle.slice(0, 8).join(' > ')} > ...` : cycle.join(' > ')}: each product keeps the path it tells`,
    );
  const wordless = products.filter((product) => productText(product).trim() === '').length;
  if (wordless > 0)
    notes.push(
      `${wordless} of ${products.length} products have no text: category, brand and price place them, or their sku alone`,
    );
  const prices = wanted('products') ? await lines('price_history.jsonl', readPriceEntry(shop.currency)) : [];
  const events = wanted('events') ? await lines('events.jsonl', (raw) => readEvent(raw, shop.currency)) : [];
  inMilliseconds('events.jsonl', events, notes);
  sortByVisitorAndTime(events);
  const promotions = wanted('promotions') ? await loadPromotions(dir, shop.currency) : [NONE];
  const decisions = wanted('decisions')
    ? withoutRepeats(await lines('decisions.jsonl', (raw) => readLoggedDecision(raw, shop.currency)), notes)
    : [];
  inMilliseconds('decisions.jsonl', [...decisions, ...decisions.flatMap(({ history }) => history)], notes);
  joinHistories(decisions, events, notes);
  const shared = splitSharedNames(events, new Set(decisions.map(({ visitor }) => visitor)));
  if (shared.size > 0) {
    sortByVisitorAndTime(events);
    const told = [...shared].slice(0, 8).map(([name, sessions]) => `"${name}" (${sessions} sessions)`);
    notes.push(`names of many shoppers, each session a visitor of its own: ${told.join(', ')}`);
  }
  decisions.sort((left, right) => (left.ts ?? 0) - (right.ts ?? 0));
  addUndeclaredPromotions(promotions, decisions, notes);
  inferShop(shop, partial, decisions, notes);
  refuseSensitive(shop, promotions);
  const pairs = wanted('pairs') ? await lines('pairs.jsonl', (raw) => readPair(raw, shop.currency)) : [];
  const judgements = wanted('judgements') ? await lines('judgements.jsonl', readJudgement) : [];
  const relations = wanted('products') ? await lines('relations.jsonl', readStatedRelation) : [];
  const loaded = { dir, shop, products, events, promotions, decisions, pairs, judgements, notes, rejected };
  return {
    ...loaded,
    ...(relations.length === 0 ? {} : { relations }),
    ...(prices.length === 0 ? {} : { priceHistory: prices }),
  };
}

async function loadShop(dir: string): Promise<Partial<Shop>> {
  const found = await loadJson(dir, 'shop.json');
  return found === undefined ? {} : inFile(found.file, () => readShop(found.value));
}

async function loadPromotions(dir: string, currency: string): Promise<Promotion[]> {
  const found = await loadJson(dir, 'promotions.json');
  const promotions =
    found === undefined ? [] : inFile(found.file, () => readPromotions(found.value, currency));
  return [NONE, ...promotions.filter((promotion) => promotion.id !== NONE.id)];
}

/** The last line of a sku wins, as in a feed that is appended to. */
function uniqueProducts(products: Product[], notes: string[]): Product[] {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  if (bySku.size < products.length) {
    notes.push(`products.jsonl: ${products.length - bySku.size} repeated skus, the last line of each kept`);
  }
  return [...bySku.values()];
}

/** Times in seconds would make visits of months one session. Reads them as what they are, and says so. */
function inMilliseconds(file: string, rows: { ts?: number }[], notes: string[]): void {
  if (!areUnixSeconds(rows.flatMap(({ ts }) => ts ?? []))) return;
  for (const row of rows) if (row.ts !== undefined) row.ts *= 1000;
  notes.push(`${file}: every time would be one of 1970 to 1973, so they are read as seconds`);
}

/** Where a log has no times, the order in which its visitors appear is all that tells old from new. */
function sortByVisitorAndTime(events: BehaviourEvent[]): void {
  const visits = new Map<string, BehaviourEvent[]>();
  for (const event of events) {
    const own = visits.get(event.visitor);
    if (own === undefined) visits.set(event.visitor, [event]);
    else own.push(event);
  }
  let place = 0;
  for (const own of visits.values()) {
    own.sort((left, right) => (left.ts ?? 0) - (right.ts ?? 0));
    for (const event of own) events[place++] = event;
  }
}

/** A log may name promotions that promotions.json does not: they are known by their id alone. */
function addUndeclaredPromotions(
  promotions: Promotion[],
  decisions: readonly LoggedDecision[],
  notes: string[],
): void {
  const known = new Set(promotions.map((promotion) => promotion.id));
  const added: string[] = [];
  for (const decision of decisions) {
    for (const id of decision.eligible) {
      if (known.has(id)) continue;
      known.add(id);
      added.push(id);
      promotions.push({ id, terms: { type: 'message' } });
    }
  }
  if (added.length > 0)
    notes.push(`promotions without terms, known by id alone: ${added.slice(0, 8).join(', ')}`);
}
