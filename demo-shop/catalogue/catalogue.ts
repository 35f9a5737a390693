/** The shop's products, composed from the families' rows. */

import { FAMILIES } from './families/index.ts';
import type { Both, Family, Row, Shape } from './family.ts';
import { COLOURS, LINES, MATERIALS } from './lexicon.ts';
import { BRANDS } from './makers.ts';

export interface CatalogueProduct {
  sku: string;
  title: Both;
  description: Both;
  category: readonly Both[];
  brand: string;
  /** Decimal euros, as data folders carry them. */
  price: number;
  listPrice?: number;
  cost: number;
  rating: number;
  ratingCount: number;
  stock: number;
  shape: Shape;
  /** Key of COLOURS. */
  colour: string;
  colourName: Both;
  /** Key of LINES, where it belongs to a design line. */
  line?: string;
  material: Both;
  size: Both;
}

/** Every product of the shop, always the same. */
export const catalogue = (): CatalogueProduct[] =>
  FAMILIES.flatMap((family) => family.rows.map((row, i) => product(family, row, i)));

function product(family: Family, row: Row, index: number): CatalogueProduct {
  const [name, colour, , , price, listPrice] = row;
  const sku = `${family.code}-${String(index + 1).padStart(2, '0')}`;
  const words = wordsOf(row);
  const fill = (template: Both): Both => [
    capital(filled(template[0], words, 0)),
    filled(template[1], words, 1),
  ];
  return {
    sku,
    title: fill(family.title),
    description: joined([
      fill(family.lead),
      family.details[index % family.details.length]!,
      careOf(family, row),
    ]),
    category: family.path,
    brand: BRANDS[family.brands[index % family.brands.length]!]!,
    price,
    ...(listPrice === undefined ? {} : { listPrice }),
    cost: Math.round((listPrice ?? price) * family.costShare * (95 + (draw(sku, 'cost') % 11))) / 100,
    ...standing(sku),
    shape: family.shape,
    colour,
    colourName: words.colour,
    ...(LINES[name] === undefined ? {} : { line: name }),
    material: words.material,
    size: words.size,
  };
}

type Words = Record<'name' | 'colour' | 'material' | 'size', Both>;

function wordsOf([name, colour, material, size]: Row): Words {
  return {
    name: LINES[name] ?? own(name),
    colour: COLOURS[colour]!.name,
    material: MATERIALS[material]?.name ?? own(material),
    size: sizeIn(size),
  };
}

/** Where a material is its own colour (copper, pale oak, brushed steel), the colour is left out. */
function filled(template: string, words: Words, language: 0 | 1): string {
  const same = words.colour[0].split(' ').includes(words.material[0].split(' ').at(-1)!);
  const said = same
    ? template.replace(/\{colour\}(?=\W*(in )?\{material\})[ ,]*|, \{colour\}(?=,)/, '')
    : template;
  const text = said.replace(
    /\{(name|colour|material|size)\}/g,
    (_, slot: keyof Words) => words[slot][language],
  );
  // Chinese typesetting keeps a space between a character and a figure.
  return text.replace(/(\p{Script=Han})(?=\d)/gu, '$1 ');
}

/** Words of a row's own, written `en|zh`. */
function own(text: string): Both {
  const [en, zh] = text.split('|');
  return [en!, zh ?? en!];
}

const UNITS: Readonly<Record<string, string>> = {
  ml: '毫升',
  l: '升',
  g: '克',
  cm: '厘米',
  mm: '毫米',
  h: '小时',
};

/** A size in both languages; a number with a unit translates itself. */
export function sizeIn(size: string): Both {
  const match = /^([\d.]+(?: × [\d.]+)?) (ml|l|g|cm|mm|h)$/.exec(size);
  return match === null ? own(size) : [size, `${match[1]} ${UNITS[match[2]!]}`];
}

const careOf = (family: Family, [, , material]: Row): Both =>
  (family.care === false ? undefined : MATERIALS[material]?.care) ?? ['', ''];

const joined = (parts: readonly Both[]): Both => [
  parts
    .map((part) => part[0])
    .filter((text) => text !== '')
    .join(' '),
  parts.map((part) => part[1]).join(''),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Ratings, stock and the long tail of rating counts, drawn from the sku. */
function standing(sku: string): Pick<CatalogueProduct, 'rating' | 'ratingCount' | 'stock'> {
  const popularity = (draw(sku, 'popularity') % 1000) / 1000;
  return {
    rating: Math.round(10 * (3.7 + ((draw(sku, 'rating') % 100) + (draw(sku, 'rating2') % 100)) / 165)) / 10,
    ratingCount: Math.round(4 * Math.exp(5.2 * popularity * popularity)),
    stock: draw(sku, 'sold out') % 40 === 0 ? 0 : 3 + (draw(sku, 'stock') % 90),
  };
}

/** FNV-1a with a final mix: a fixed number for each name and purpose. */
function draw(sku: string, purpose: string): number {
  let h = 0x811c9dc5;
  for (const char of `${purpose}/${sku}`) h = Math.imul(h ^ char.charCodeAt(0), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
