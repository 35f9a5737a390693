/** Text to search terms: words, and pairs of characters where a script writes no spaces. */

/** Scripts without spaces between words: a run of theirs is cut into overlapping pairs. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[.'’][\p{L}\p{M}\p{N}]+)*/gu;
/** Accents and umlauts, Arabic vowel signs and stretching: shoppers leave them out. Other scripts' signs are letters. */
const OPTIONAL_MARKS = /[\u0300-\u036f\u0640\u064b-\u065f\u0670]/g;
/** Letters that are written in two ways. The Arabic ones as in Larkey et al. 2002, "Improving stemming for Arabic". */
const ALIKE: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', ı: 'i', ى: 'ي', ة: 'ه' };

/**
 * Terms in the order of the text, repeats kept. Case, width and accents are folded; English plurals and the possessive lose
 * their ending ("mugs" finds "mug"); a model number such as "dv7-1211ea" gives its parts and their joined form.
 */
export function searchTerms(text: string): string[] {
  const terms: string[] = [];
  const folded = text
    .normalize('NFKD')
    .replace(OPTIONAL_MARKS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłıىة]/g, (letter) => ALIKE[letter]!);
  const spaced = folded.replace(UNSPACED, (run) => {
    for (const pair of characterPairs(run)) terms.push(pair);
    return ' ';
  });
  for (const chunk of spaced.split(/[\s,;|()[\]{}"]+/)) {
    const words = chunk.match(WORD) ?? [];
    for (const word of words) terms.push(singular(word));
    if (words.length > 1 && /\p{N}/u.test(chunk) && chunk.length <= 24) terms.push(words.join(''));
  }
  return terms;
}

/** A lone letter of such a script: a word of its own that catalogues hold in pairs. */
export const isUnspacedLetter = (term: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u.test(term);

function characterPairs(run: string): string[] {
  const letters = [...run];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, i) => letters[i]! + letter);
}

/** Harman's S stemmer (1991, "How effective is suffixing?"): plurals only, so that no two words are confused. */
function singular(word: string): string {
  const bare = word.replace(/['’]s$/, '').replace(/['’.]/g, '');
  if (bare.length < 4 || /\p{N}/u.test(bare)) return bare;
  if (/[^ea]ies$/.test(bare)) return `${bare.slice(0, -3)}y`;
  if (/(?:x|ch|sh|ss)es$/.test(bare)) return bare.slice(0, -2);
  return /[^us]s$/.test(bare) ? bare.slice(0, -1) : bare;
}
