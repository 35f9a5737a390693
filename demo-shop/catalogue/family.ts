/** What a family of products is made of: hand-written sentences, and one row for each product. */

/** The same words in English and in Chinese. */
export type Both = readonly [en: string, zh: string];

/** What the picture draws; each is a file of `pictures/`. */
export type Shape =
  | 'apron'
  | 'backpack'
  | 'basket'
  | 'blanket'
  | 'board'
  | 'boardgame'
  | 'bottle'
  | 'bowl'
  | 'brush'
  | 'candle'
  | 'cards'
  | 'clock'
  | 'cushion'
  | 'diffuser'
  | 'frame'
  | 'gaiwan'
  | 'infuser'
  | 'jar'
  | 'kettle'
  | 'knife'
  | 'lamp'
  | 'lantern'
  | 'mug'
  | 'napkin'
  | 'notebook'
  | 'pen'
  | 'pendant'
  | 'plant'
  | 'planter'
  | 'plate'
  | 'pocketgame'
  | 'pot'
  | 'pouch'
  | 'puzzle'
  | 'rug'
  | 'seeds'
  | 'soap'
  | 'spoon'
  | 'teapot'
  | 'teatin'
  | 'tote'
  | 'towel'
  | 'tray'
  | 'trowel'
  | 'tumbler'
  | 'umbrella'
  | 'vase'
  | 'wateringcan'
  | 'weekender';

/**
 * One product: name (a key of LINES, or its own as `en|zh`), colour (a key of COLOURS), material (a key of MATERIALS,
 * or its own as `en|zh`), size (with a unit that `sizeIn` knows, or its own as `en|zh`), price in euros, and where it
 * is reduced the list price.
 */
export type Row = readonly [
  name: string,
  colour: string,
  material: string,
  size: string,
  price: number,
  listPrice?: number,
];

export interface Family {
  /** Prefix of the sku. */
  code: string;
  shape: Shape;
  /** From the root down. */
  path: readonly Both[];
  brands: readonly string[];
  /** What the shop pays, as a share of the price before reductions. */
  costShare: number;
  /** With `{name}`, `{colour}`, `{material}`, `{size}`. */
  title: Both;
  /** The first sentence of the description, with the same slots. */
  lead: Both;
  /** False where how to look after the material is not how to look after the thing: nobody washes a lamp. */
  care?: false;
  /** Further sentences; each product gets one, in turn. */
  details: readonly Both[];
  rows: readonly Row[];
}
