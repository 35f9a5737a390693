/** The head of a ranking, without sorting the rest. */

/** The k best rows, best first, equal scores by row; rows below zero are left out. */
export function topRows(scores: Float32Array, k: number): number[] {
  const before = (a: number, b: number): boolean =>
    scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b);
  // A heap whose root is the worst of the best k so far: one pass over the catalogue.
  const heap: number[] = [];
  const sink = (at: number): void => {
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && before(heap[worst]!, heap[child]!)) worst = child;
      }
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  };
  let least = -1;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (!(score >= 0)) continue;
    if (heap.length < k) {
      heap.push(row);
      if (heap.length < k) continue;
      for (let at = (k >> 1) + 1; at-- > 0; ) sink(at);
    } else if (k > 0 && score > least) {
      // An equal score loses to the one that the heap holds: its row came first.
      heap[0] = row;
      sink(0);
    } else continue;
    least = scores[heap[0]!]!;
  }
  return heap.sort((a, b) => (before(a, b) ? -1 : 1));
}
