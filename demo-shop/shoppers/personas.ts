/** Who comes to the shop. Each persona is what it looks for and how it makes up its mind; `visit` does the walking. */

export interface Persona {
  name: string;
  /** What its browser prefers. */
  locale: 'en-GB' | 'zh-CN';
  device: 'desktop' | 'phone';
  /** Departments it opens, by address. */
  departments: readonly string[];
  /** What it types into the search field. */
  searches: readonly string[];
  /** Products it looks at in one visit. */
  looks: number;
  /** Chance that a product it looks at goes into the basket. */
  adds: number;
  /** Chance that it buys what is in the basket. */
  buys: number;
  /** Chance that it takes an offer it sees. Bargain hunters buy only with one. */
  takesOffers: number;
  onlyWithOffer?: boolean;
  /** Milliseconds it looks at a product. */
  dwells: number;
  /** Does it rate what it looked at, and does it send things back. */
  rates?: number;
  returns?: number;
}

export const PERSONAS: readonly Persona[] = [
  {
    name: 'tea-lover',
    locale: 'en-GB',
    device: 'desktop',
    departments: ['/c/tea', '/c/tea/teaware', '/c/tea/loose-tea/green-tea'],
    searches: ['oolong', 'gaiwan'],
    looks: 4,
    adds: 0.6,
    buys: 0.7,
    takesOffers: 0.5,
    dwells: 1500,
    rates: 0.3,
  },
  {
    name: 'bargain-hunter',
    locale: 'en-GB',
    device: 'phone',
    departments: ['/c/home?sort=up', '/c/lighting?sort=up', '/c/tableware?sort=up'],
    searches: ['mug', 'cotton towel'],
    looks: 6,
    adds: 0.5,
    buys: 0.8,
    takesOffers: 1,
    onlyWithOffer: true,
    dwells: 1100,
  },
  {
    name: 'gift-buyer',
    locale: 'en-GB',
    device: 'desktop',
    departments: ['/c/candles-scent', '/c/games-puzzles', '/c/stationery'],
    searches: ['candle', 'notebook'],
    looks: 3,
    adds: 0.7,
    buys: 0.9,
    takesOffers: 0.3,
    dwells: 1300,
    returns: 0.15,
  },
  {
    name: 'chinese-reader',
    locale: 'zh-CN',
    device: 'phone',
    departments: ['/c/tea', '/c/tableware'],
    searches: ['紫砂茶壶', '马克杯'],
    looks: 4,
    adds: 0.5,
    buys: 0.6,
    takesOffers: 0.6,
    dwells: 1400,
    rates: 0.2,
  },
  {
    name: 'window-shopper',
    locale: 'en-GB',
    device: 'desktop',
    departments: ['/c/garden', '/c/travel', '/c/home', '/c/bath'],
    searches: ['lamp'],
    looks: 5,
    adds: 0.1,
    buys: 0.05,
    takesOffers: 0.05,
    dwells: 1050,
  },
];

export function personaNamed(name: string): Persona {
  const found = PERSONAS.find((persona) => persona.name === name);
  if (found !== undefined) return found;
  throw new Error(
    `expected a persona of ${PERSONAS.map((persona) => persona.name).join(', ')}, got '${name}'`,
  );
}
