/** Text to search terms: words, and pairs of characters where a script writes no spaces. */

/** Scripts without spaces between words: a run of theirs is cut into overlapping pairs. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const WORD = /[\p{L}\p{N}]+(?:[.'’][\p{L}\p{N}]+)*/gu;

/**
 * Terms in the order of the text, repeats kept. Case and width are folded; English plurals and the possessive lose
 * their ending ("mugs" finds "mug"); a model number such as "dv7-1211ea" gives its parts and their joined form.
 */
export function searchTerms(text: string): string[] {
  const terms: string[] = [];
  const folded = text.normalize('NFKC').toLowerCase();
  const spaced = folded.replace(UNSPACED, (run) => {
    terms.push(...characterPairs(run));
    return ' ';
  });
  for (const chunk of spaced.split(/[\s,;|()[\]{}"]+/)) {
    const words = chunk.match(WORD) ?? [];
    for (const word of words) terms.push(singular(word));
    if (words.length > 1 && /\p{N}/u.test(chunk) && chunk.length <= 24) terms.push(words.join(''));
  }
  return terms;
}

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
