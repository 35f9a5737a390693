/** An explanation in a sentence or two. */

import type { Explanation } from '../api.ts';
import type { Fact, Language, Words } from './words.ts';

/** A group of facts that moves the lead by less than this share of the largest mover is not worth a shopper's time. */
const WORTH_SAYING = 0.2;

export function whyText(explanation: Explanation, language: Language, words: Words): string {
  const { reasons, propensity, why } = explanation;
  if (reasons.some(({ code }) => code === 'explored')) {
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
    return words.explored(percent.format(propensity));
  }
  if (reasons.some(({ code }) => code === 'first-weeks')) return words.firstWeeks;
  if (why === undefined) return reasons.some(({ code }) => code === 'best') ? words.bestSoFar : '';
  const largest = Math.max(0, ...why.contributions.map(({ value }) => Math.abs(value)));
  const said = (sign: 1 | -1): Fact[] =>
    why.contributions
      .filter(({ value }) => sign * value > 0 && Math.abs(value) >= WORTH_SAYING * largest)
      .sort((a, b) => sign * (b.value - a.value))
      .map(({ fact }) => fact);
  const list = (facts: Fact[]): string =>
    new Intl.ListFormat(language, words.list).format(facts.map((fact) => words.fact[fact]));
  const [forIt, againstIt] = [said(1), said(-1)];
  if (forIt.length + againstIt.length === 0) return words.sameForAll;
  return [
    ...(forIt.length > 0 ? [words.becauseOf(list(forIt))] : []),
    ...(againstIt.length > 0 ? [words.inSpiteOf(list(againstIt))] : []),
    ...(forIt.length === 0 ? [words.best] : []),
  ].join(' ');
}
