/** Words of a text, for features. */

/** Distinct words, lower case; of runs of Chinese characters their pairs, which is where its words are. */
export function wordsOf(text: string): Set<string> {
  const out = new Set<string>();
  for (const run of text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)) {
    if (run === '') continue;
    if (!/\p{Script=Han}/u.test(run)) out.add(run);
    else {
      const letters = [...run];
      for (let i = 0; i + 2 <= letters.length; i++) out.add(letters.slice(i, i + 2).join(''));
    }
  }
  return out;
}
