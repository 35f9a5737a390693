/** What a matcher reads of a product: words in order, numbers as numbers, groups of letters. */

import type { Product } from '../../shared/product.ts';
import { searchTerms } from '../../shared/search/words.ts';

/** What of a product is compared; the category is left out, since two shops rarely share one. */
export type Described = Pick<Product, 'title' | 'brand' | 'description' | 'attributes' | 'price'>;

export interface ProductTerms {
  /** Equal for products of equal name: such are one document of the corpus. */
  key: string;
  /** Words and numbers of title and brand, in order, each once. */
  name: readonly string[];
  /** Terms beside each other in the title, "adobe photoshop". */
  neighbours: readonly string[];
  /** Groups of three letters of the title without its spaces: "photo shop" is "photoshop". */
  grams: readonly string[];
  /** Terms of the name, of attribute values and of the description, each once. */
  all: readonly string[];
  brand: readonly string[];
  /** Minor units. */
  price: number | undefined;
}

const NUMBER = /^\d+(?:_\d+)?$/;
export const isNumber = (term: string): boolean => NUMBER.test(term);

/** Letters of a description that still tell what a product is. */
const LONGEST_DESCRIPTION = 1000;

export function productTerms({ title, brand, description, attributes, price }: Described): ProductTerms {
  const [words, own] = [termsOf(title), termsOf(brand ?? '')];
  const name = distinct([...words, ...own]);
  const rest = [...Object.values(attributes ?? {}), (description ?? '').slice(0, LONGEST_DESCRIPTION)];
  return {
    key: name.join(' '),
    name,
    neighbours: distinct(words.slice(1).map((word, i) => `${words[i]} ${word}`)),
    grams: distinct(groupsOf(words.join(''))),
    all: distinct([...name, ...termsOf(rest.join(' '))]),
    brand: own,
    price: price === undefined || price <= 0 ? undefined : price,
  };
}

/** Search terms with numbers told apart from letters ("cs3" is "cs", "3") and in one form ("7.0" is "7"). */
export function termsOf(text: string): string[] {
  const spaced = text
    .normalize('NFKC')
    .replace(/(\d)\s+(?=\.\d)|(\d),(?=\d{3}\b)/g, '$1$2')
    .replace(/\d+(?:\.\d+)?/g, (number) => ` ${plainNumber(number).replace('.', '_')} `);
  return spaced.split(/\s+/).flatMap((word) => (isNumber(word) ? [word] : searchTerms(word)));
}

function plainNumber(number: string): string {
  const whole = number.replace(/^0+(?=\d)/, '');
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole;
}

function groupsOf(letters: string): string[] {
  const padded = `^${letters}$`;
  return Array.from({ length: Math.max(0, padded.length - 2) }, (_, i) => padded.slice(i, i + 3));
}

const distinct = (terms: readonly string[]): string[] => [...new Set(terms)];
