/** A promotion's words for the page's locale. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import type { Creative } from '../api.ts';

const FIELDS = ['title', 'text', 'action', 'url', 'image', 'disclosure'] as const;

/**
 * `creative` is either the fields themselves, or the fields by language, or each field by language. Anything that is
 * not text is left out: the author of a bundle is not trusted with the page.
 */
export function creativeOf(
  promotion: PublicPromotion,
  locale: string,
  shopLocale: string,
): Creative | undefined {
  const { creative } = promotion;
  if (creative === undefined) return undefined;
  const fields = { ...creative, ...(byLanguage(creative, locale, shopLocale) as object | undefined) };
  const out: Partial<Record<(typeof FIELDS)[number], string>> = {};
  for (const field of FIELDS) {
    const value = (fields as Record<string, unknown>)[field];
    const text = isRecord(value) ? byLanguage(value, locale, shopLocale) : value;
    if (typeof text === 'string') out[field] = text.slice(0, field === 'image' ? 200_000 : 500);
  }
  if (out.title === undefined && out.text === undefined) return undefined;
  return { ...out, title: out.title ?? '', text: out.text ?? '' };
}

/** The page's language, then the shop's, then the first one there is. */
function byLanguage(texts: Record<string, unknown>, locale: string, shopLocale: string): unknown {
  for (const wanted of [locale, shopLocale]) {
    const exact = texts[wanted] ?? texts[wanted.split('-')[0]!.toLowerCase()];
    if (exact !== undefined) return exact;
  }
  return Object.values(texts).find((value) => typeof value === 'string' || isRecord(value));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
