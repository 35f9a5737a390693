/** The catalogue as the pages hold it: fetched once, whole, in both languages. */

import type { Promotion } from '../../trainer-server/client/till.ts';

export type Language = 'en' | 'zh';
type Both = readonly [en: string, zh: string];

export interface ShopProduct {
  sku: string;
  title: Both;
  text: Both;
  /** English names from the root down: the keys of `CatalogueFile.categories`. */
  category: readonly string[];
  brand: string;
  /** Minor units. */
  price: number;
  listPrice?: number;
  rating: number;
  ratingCount: number;
  /** 0: sold out; 10 stands for ten or more. */
  stock: number;
  /** Design line, where it belongs to one. */
  line?: string | undefined;
  colour: Both;
  size: Both;
  material: Both;
}

export interface CreativeWords {
  title: string;
  text: string;
  action: string;
}

/** What it costs the shop is left out. */
export interface ShopPromotion extends Omit<Promotion, 'costPerUse' | 'creative'> {
  creative: { [language in Language]: CreativeWords };
}

export interface CatalogueFile {
  currency: string;
  products: ShopProduct[];
  /** Chinese name by English name. */
  categories: Record<string, string>;
  promotions: ShopPromotion[];
}

export class Catalogue {
  readonly products: readonly ShopProduct[];
  readonly promotions: readonly ShopPromotion[];
  readonly departments: readonly string[];
  private readonly bySku: ReadonlyMap<string, ShopProduct>;

  constructor(private readonly file: CatalogueFile) {
    this.products = file.products;
    this.promotions = file.promotions;
    this.bySku = new Map(file.products.map((product) => [product.sku, product]));
    this.departments = [...new Set(file.products.map((product) => product.category[0]!))];
  }

  product(sku: string): ShopProduct | undefined {
    return this.bySku.get(sku);
  }

  promotion(id: string): ShopPromotion | undefined {
    return this.promotions.find((promotion) => promotion.id === id);
  }

  /** Products below a path of slugs; the empty path is the whole shop. */
  within(slugs: readonly string[]): ShopProduct[] {
    return this.products.filter((product) =>
      slugs.every((slug, i) => slugOf(product.category[i] ?? '') === slug),
    );
  }

  /** English category names one level below a path of slugs. */
  below(slugs: readonly string[]): string[] {
    return [...new Set(this.within(slugs).flatMap((product) => product.category[slugs.length] ?? []))];
  }

  /** The English name behind a path's last slug. */
  named(slugs: readonly string[]): string | undefined {
    return this.within(slugs)[0]?.category[slugs.length - 1];
  }

  categoryName(name: string, language: Language): string {
    return language === 'zh' ? (this.file.categories[name] ?? name) : name;
  }

  /** The most rated first, sold-out ones left out. */
  popular(among: readonly ShopProduct[] = this.products): ShopProduct[] {
    return among
      .filter((product) => product.stock > 0)
      .sort((a, b) => b.ratingCount * b.rating - a.ratingCount * a.rating);
  }

  /** Of the same design line or department, other families first: what to show where nothing is learned yet. */
  goesWith(product: ShopProduct): ShopProduct[] {
    const family = (sku: string): string => sku.split('-')[0]!;
    const score = (other: ShopProduct): number =>
      (other.line !== undefined && other.line === product.line ? 4 : 0) +
      (other.category[0] === product.category[0] ? 2 : 0) +
      (family(other.sku) === family(product.sku) ? 0 : 1);
    return this.products
      .filter((other) => other.sku !== product.sku && other.stock > 0)
      .map((other) => ({ other, score: score(other) + other.rating / 10 }))
      .sort((a, b) => b.score - a.score)
      .map(({ other }) => other);
  }
}

export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** @throws TypeError where there is no network; Error for a file that is no catalogue */
export async function fetchCatalogue(): Promise<Catalogue> {
  const response = await fetch('/data/catalogue.json');
  if (!response.ok) throw new TypeError(`the catalogue answered ${response.status}`);
  return readCatalogue(await response.text());
}

/** @throws Error for a text that is no catalogue */
export function readCatalogue(text: string): Catalogue {
  const file = JSON.parse(text) as Partial<CatalogueFile> | null;
  if (!Array.isArray(file?.products) || !Array.isArray(file.promotions) || file.categories === undefined)
    throw new Error('expected a catalogue of products, promotions and categories; build the shop again');
  return new Catalogue(file as CatalogueFile);
}
