/** The shop and the makers it carries. All invented. */

export const SHOP = {
  name: ['Lantern Lane', '灯巷'],
  tagline: ['Good things for slow days', '慢日子里的好物'],
  currency: 'EUR',
  locale: 'en',
} as const;

/** By the key that families use. `lane` is the shop's own label. */
export const BRANDS: Readonly<Record<string, string>> = {
  lane: 'Lantern Lane',
  ashdown: 'Ashdown Pottery',
  kiln: 'Kiln & Quay',
  nordvik: 'Nordvik',
  yunhe: 'Yunhe Tea House',
  tallis: 'Tallis & Rowe',
  quill: 'Quillmoor',
  papier: 'Papierwerk',
  loom: 'Loomwell',
  saltmarsh: 'Saltmarsh Linen',
  shed: 'The Potting Bench',
  bright: 'Brightbell',
  hearth: 'Hearth & Hale',
  oakleaf: 'Oakleaf Games',
  tinder: 'Tinder Forge',
  wren: 'Wren Soap Works',
};
