/** A product's picture: SVG, drawn from its family's shape, its colour, its material and its design line. */

import type { CatalogueProduct } from '../catalogue.ts';
import type { Shape } from '../family.ts';
import { COLOURS } from '../lexicon.ts';
import * as garden from './garden.ts';
import * as home from './home.ts';
import { motifOf } from './motifs.ts';
import { type Finish, flat, lightness, mix, type Paint } from './paint.ts';
import * as paper from './paper.ts';
import * as table from './table.ts';
import * as tea from './tea.ts';
import * as travel from './travel.ts';

const SHAPES: Readonly<Record<Shape, (paint: Paint) => string>> = {
  ...table,
  ...tea,
  ...home,
  ...garden,
  ...paper,
  ...travel,
};

const FINISHES: readonly [RegExp, Finish][] = [
  [/glass/, 'glass'],
  [/^(oak|walnut|beech|bamboo|rattan)$/, 'wood'],
  [/^(stainless steel|copper|brass|galvanised zinc)$/, 'metal'],
  [/linen|cotton|wool|velvet|jute|canvas|nylon/, 'cloth'],
  [/paper/, 'paper'],
  [/concrete|terracotta/, 'stone'],
];

/** Things whose colour is another than their material's own: a painted flask, forged tools. */
const PAINTED = new Set<Shape>(['bottle', 'trowel', 'wateringcan', 'pen', 'cards']);

/** @returns a whole SVG document, 400 by 400 */
export function picture(product: CatalogueProduct): string {
  const { hex } = COLOURS[product.colour]!;
  const known = FINISHES.find(([name]) => name.test(product.material[0]))?.[1] ?? 'glaze';
  const finish = PAINTED.has(product.shape) && known === 'wood' ? 'glaze' : known;
  const paint = paintOf(product, hex, finish);
  const motif = motifOf(product.line, hex, finish);
  const wall = mix(hex, '#fbf5ea', 0.8);
  const ground = mix(hex, '#e9dcc8', 0.68);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">',
    `<defs>${shade(finish)}${motif ?? ''}</defs>`,
    flat('M0 0h400v400H0z', wall),
    flat('M0 296h400v104H0z', ground),
    `<ellipse cx="206" cy="324" rx="${118 * paint.scale}" ry="13" fill="#2b1d10" fill-opacity=".16"/>`,
    `<g transform="translate(200 322) scale(${paint.scale}) translate(-200 -322)">`,
    SHAPES[product.shape](paint),
    '</g></svg>',
  ].join('');
}

/** Light from the left; on metal a band of it, on glass a veil. */
function shade(finish: Finish): string {
  const stops =
    finish === 'metal'
      ? '<stop offset="0" stop-color="#fff" stop-opacity=".1"/><stop offset=".25" stop-color="#fff" stop-opacity=".55"/><stop offset=".5" stop-color="#000" stop-opacity=".05"/><stop offset="1" stop-color="#000" stop-opacity=".35"/>'
      : '<stop offset="0" stop-color="#fff" stop-opacity=".22"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#1c0f05" stop-opacity=".26"/>';
  return `<linearGradient id="s" x1="0" x2="1" y1="0" y2=".25">${stops}</linearGradient>`;
}

function paintOf(product: CatalogueProduct, base: string, finish: Finish): Paint {
  const motif = motifOf(product.line, base, finish) !== undefined;
  const [, row] = product.sku.split('-');
  return {
    base,
    light: mix(base, '#fff8ec', 0.42),
    dark: mix(base, '#20140b', 0.24),
    deep: mix(base, '#1a0f07', 0.52),
    accent: lightness(base) > 0.55 ? '#b4532a' : '#e8b765',
    finish,
    scale: 0.88 + (hash(`${product.sku}/scale`) % 90) / 500,
    // 'row' numbers the family's own rows, so that each gets the drawing meant for it.
    pick: (n, purpose = 'kind') =>
      purpose === 'row' ? (Number(row) - 1) % n : hash(`${product.sku}/${purpose}`) % n,
    form(d, fill = base) {
      const opacity = finish === 'glass' ? ' fill-opacity=".55"' : '';
      const pattern = motif && fill === base ? flat(d, 'url(#m)') : '';
      return flat(d, fill, opacity) + pattern + flat(d, 'url(#s)');
    },
  };
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
