/**
 * What a region's law asks of promotions. Not legal advice: each rule names its source, and a shop can set its own in
 * shop.json where its lawyers read the law otherwise.
 */

import * as v from 'valibot';

/** Directive 98/6/EC, Article 6a (2) to (5): what member states may let off. */
export type Exemption = 'perishable' | 'new' | 'progressive';

export interface LawRules {
  /** An announced reduction is measured against the lowest price of so many days before it. */
  priorPrice?: {
    days: number;
    exempt: readonly Exemption[];
    /** Percentages by code count, too: where everybody gets the code, it is a reduction like any other (C 526/02, 2.3). */
    codes?: boolean | undefined;
  };
  /** Countdowns: only with an end that is true, or not at all. */
  countdown: 'free' | 'true-end' | 'never';
  /** Id of the text that must stand beside a price that an algorithm chose from personal data. */
  disclosure?: string;
}

/**
 * Prior prices: Directive 98/6/EC, Article 6a, and CJEU C-330/23 (the percentage itself is of the prior price).
 * Countdowns: Directive 2005/29/EC, Annex I, point 7 (falsely stating that something is available for a limited time).
 * Disclosure: Directive 2011/83/EU, Article 6 (1) (ea).
 */
const EUROPEAN_UNION: LawRules = {
  priorPrice: { days: 30, exempt: ['perishable', 'new', 'progressive'] },
  countdown: 'true-end',
  disclosure: 'eu-personalised-price',
};

const MEMBERS = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** By ISO 3166 code, a subdivision before its country. */
const REGIONS: Readonly<Record<string, LawRules>> = {
  ...Object.fromEntries(MEMBERS.map((member) => [member, EUROPEAN_UNION])),
  EU: EUROPEAN_UNION,
  // UK: Digital Markets, Competition and Consumers Act 2024, schedule 20, paragraph 7.
  GB: { countdown: 'true-end' },
  // New York General Business Law, section 349-a.
  'US-NY': { countdown: 'true-end', disclosure: 'us-ny-algorithmic-price' },
  // FTC Act, section 5, and 16 CFR 233: a false limit of time is deceptive.
  US: { countdown: 'true-end' },
};

/** Where no region is declared: nothing that depends on one, but no false countdowns anywhere. */
const ELSEWHERE: LawRules = { countdown: 'true-end' };

/** @param own a shop's own reading, field by field */
export function lawRulesOf(region: string | undefined, own: Partial<LawRules> = {}): LawRules {
  const code = region?.toUpperCase();
  const country = code?.split('-')[0];
  const known = code === undefined ? undefined : (REGIONS[code] ?? REGIONS[country!]);
  return { ...(known ?? ELSEWHERE), ...own };
}

/** `law` of shop.json. */
export const lawSchema = v.strictObject({
  priorPrice: v.optional(
    v.strictObject({
      days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365)),
      exempt: v.optional(v.array(v.picklist(['perishable', 'new', 'progressive'])), []),
      codes: v.optional(v.boolean()),
    }),
  ),
  countdown: v.optional(v.picklist(['free', 'true-end', 'never'])),
  disclosure: v.optional(v.string()),
});

/** What a shopper reads, by id and language. The words of New York's are the law's own. */
export const DISCLOSURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'eu-personalised-price': {
    en: 'This price was personalised on the basis of automated decision-making.',
    de: 'Dieser Preis wurde auf der Grundlage einer automatisierten Entscheidungsfindung personalisiert.',
    fr: 'Ce prix a été personnalisé sur la base d’une prise de décision automatisée.',
    zh: '此价格由自动化决策为你个性化设定。',
  },
  'us-ny-algorithmic-price': { en: 'THIS PRICE WAS SET BY AN ALGORITHM USING YOUR PERSONAL DATA' },
};

/** In the locale's language, else in English. Undefined for an id that is a shop's own. */
export function disclosureText(id: string, locale: string): string | undefined {
  const texts = DISCLOSURES[id];
  return texts?.[locale.toLowerCase().split(/[-_]/)[0]!] ?? texts?.en;
}
