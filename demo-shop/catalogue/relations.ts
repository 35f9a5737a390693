/** What the shop knows to go together, as `relations.jsonl` carries it: said by category, true both ways. */

const GOES_WITH: readonly (readonly [category: string, category: string])[] = [
  ['Teapots', 'Loose tea'],
  ['Gaiwans & cups', 'Loose tea'],
  ['Kettles', 'Teapots'],
  ['Mugs & cups', 'Serving'],
  ['Plates & bowls', 'Table linen'],
  ['House plants', 'Pots & planters'],
  ['Seeds', 'Watering'],
  ['Notebooks', 'Pens & pencils'],
  ['Towels', 'Soap & care'],
];

export const relations = (): Record<string, unknown>[] =>
  GOES_WITH.map(([from, to]) => ({
    from: { category: from },
    relation: 'goes-with',
    to: { category: to },
  }));
