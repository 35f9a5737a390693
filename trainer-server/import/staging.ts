/** The importers' way into the stages' tables: rows are validated by the readers of `shared` and keep their own text. */

import { canonicalJson } from '../../shared/canonical.ts';
import { readLoggedDecision } from '../../shared/decision.ts';
import { BadInput } from '../../shared/errors.ts';
import { itemsOf, readEvent } from '../../shared/event.ts';
import { toMajor } from '../../shared/money.ts';
import { currencyIn } from '../../shared/money-text.ts';
import { readProduct } from '../../shared/product.ts';
import { readPromotion } from '../../shared/promotion.ts';
import { readShop, type Shop } from '../../shared/shop.ts';
import type { Engine, RowAppender } from '../dataset/duckdb.ts';
import { readJudgement, readPair } from '../dataset/rows.ts';
import type { RowKind, RowPlace, Sink } from './importer.ts';

const TABLES = ['event', 'event_sku', 'product', 'decision', 'pair', 'judgement'] as const;
type Table = (typeof TABLES)[number];

export interface Staging extends Sink {
  /** Promotions by id, as written; the last one of an id counts. */
  readonly promotions: ReadonlyMap<string, unknown>;
  /** shop.json to be, as written. */
  readonly shopFacts: Partial<Shop>;
  /** From now on rows come from the source and no longer from the folder. */
  oldRowsDone(): void;
  /** Rows that came from the source, by kind. */
  readonly added: Readonly<Record<RowKind, number>>;
  /** Ends the loading: the tables are complete. */
  close(): void;
}

/** @param fallback facts that hold where neither folder nor source say otherwise */
export async function openStaging(engine: Engine, fallback: Partial<Shop>): Promise<Staging> {
  const tables = {} as Record<Table, RowAppender>;
  for (const table of TABLES) tables[table] = await engine.appender(table);
  return new DuckStaging(tables, fallback);
}

class DuckStaging implements Staging {
  readonly promotions = new Map<string, unknown>();
  readonly added: Record<RowKind, number> = {
    event: 0,
    product: 0,
    decision: 0,
    pair: 0,
    judgement: 0,
    promotion: 0,
  };
  private facts: Partial<Shop> = {};
  private old: 0 | 1 = 1;
  private seq = 0;

  constructor(
    private readonly tables: Record<Table, RowAppender>,
    private readonly fallback: Partial<Shop>,
  ) {}

  get currency(): string {
    return this.shopFacts.currency ?? 'USD';
  }

  get shopFacts(): Partial<Shop> {
    return { ...this.fallback, ...this.facts };
  }

  add(kind: RowKind, raw: unknown, place: RowPlace): void {
    this.seq++;
    this[kind](raw, place);
    if (this.old === 0) this.added[kind]++;
  }

  shop(raw: unknown, place: RowPlace): void {
    const given = readShop(raw);
    const held = this.facts.currency;
    if (held !== undefined && given.currency !== undefined && held !== given.currency) {
      const fix = 'Amounts of two currencies cannot stand in one folder: import into another one';
      throw new BadInput(
        { ...place, field: 'currency' },
        `${held}, as in the data folder`,
        given.currency,
        fix,
      );
    }
    this.facts = { ...this.facts, ...(raw as Partial<Shop>) };
  }

  oldRowsDone(): void {
    this.old = 0;
    this.shop(this.fallback.currency === undefined ? {} : { currency: this.fallback.currency }, {
      file: 'shop.json',
    });
  }

  close(): void {
    for (const table of TABLES) this.tables[table].close();
  }

  private event(raw: unknown, place: RowPlace): void {
    const event = readEvent(raw, this.currency);
    const { visitor: _visitor, session: _session, ts: _ts, ...rest } = raw as Record<string, unknown>;
    const amount =
      event.name === 'refund' || event.value === undefined ? null : toMajor(event.value, this.currency);
    this.tables.event.add([
      this.seq,
      this.old,
      place.file,
      place.line ?? null,
      event.visitor,
      event.session ?? null,
      event.ts ?? null,
      event.name,
      amount,
      event.rating ?? null,
      event.dwellMs ?? null,
      canonicalJson(rest),
    ]);
    for (const item of itemsOf(event)) this.tables.event_sku.add([this.seq, item.sku]);
  }

  private product(raw: unknown): void {
    // Amounts are kept as written, so that a currency found late holds for those before it.
    if (this.shopFacts.currency === undefined) {
      const currency = currencyIn((raw as { price?: unknown } | null)?.price);
      if (currency !== undefined) this.facts = { ...this.facts, currency };
    }
    const { sku } = readProduct(raw, this.currency);
    this.tables.product.add([this.seq, this.old, sku, canonicalJson(raw)]);
  }

  private decision(raw: unknown): void {
    const { id } = readLoggedDecision(raw, this.currency);
    this.tables.decision.add([this.seq, this.old, id, canonicalJson(raw)]);
  }

  private pair(raw: unknown): void {
    readPair(raw, this.currency);
    this.tables.pair.add([this.seq, this.old, canonicalJson(raw)]);
  }

  private judgement(raw: unknown): void {
    readJudgement(raw);
    this.tables.judgement.add([this.seq, this.old, canonicalJson(raw)]);
  }

  private promotion(raw: unknown): void {
    const { id } = readPromotion(raw, this.currency);
    this.promotions.set(id, raw);
  }
}
