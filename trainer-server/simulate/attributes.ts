/** What a shop knows of a visitor beside behaviour: noisy readings of the motives, in the kinds the shop declares. */

import { hash32, type Random } from '../../shared/random.ts';
import type { Attributes } from '../../shared/read.ts';
import type { AttributeKind, Shop } from '../../shared/shop.ts';
import { COLLECTOR, MOTIVES, RESOLUTE } from './hidden.ts';

/** Where the shop declares none. */
export const DEFAULT_ATTRIBUTES: Record<string, AttributeKind> = {
  device: 'category',
  channel: 'category',
  member: 'boolean',
};

const DEVICES = ['mobile', 'mobile', 'mobile', 'desktop', 'desktop', 'tablet'];
/** The channel that each motive prefers, in the order of MOTIVES. */
const CHANNELS = ['comparison', 'ads', 'email', 'social', 'direct'];
/** How often a category tells the leading motive instead of chance. */
const TELLING = 0.4;

/** One value an attribute. Names we know are what they say; others lean on a motive of their own, by their kind. */
export function drawAttributes(
  { attributes, locale }: Pick<Shop, 'attributes' | 'locale'>,
  motives: Float64Array,
  random: Random,
): Attributes {
  const out: Attributes = {};
  for (const [name, kind] of Object.entries(attributes)) {
    const isLanguage = kind === 'category' && /^(language|locale)$/i.test(name);
    out[name] = isLanguage ? locale.split(/[-_]/)[0]! : readingOf(name, kind, motives, random);
  }
  return out;
}

/** The same shopper at a later session: what a shop calls returning has become true. */
export function attributesAt(attributes: Attributes, session: number): Attributes {
  if (typeof attributes.returning !== 'boolean') return attributes;
  return { ...attributes, returning: session > 0 };
}

function readingOf(name: string, kind: AttributeKind, motives: Float64Array, random: Random) {
  const leaning = motives[hash32(name) % MOTIVES.length]!;
  if (kind === 'number') return Math.round(100 * (leaning + 0.5 * random.normal())) / 100;
  if (kind === 'boolean') {
    const member = 0.15 + 0.45 * motives[RESOLUTE]! + 0.25 * motives[COLLECTOR]!;
    return random.next() < (name === 'member' ? member : 0.25 + 0.5 * leaning);
  }
  if (name === 'device') return DEVICES[random.int(DEVICES.length)]!;
  const values = name === 'channel' ? CHANNELS : MOTIVES.map((_, k) => `${name}-${k + 1}`);
  const leading = motives.indexOf(Math.max(...motives));
  return values[random.next() < TELLING ? leading : random.int(values.length)]!;
}
