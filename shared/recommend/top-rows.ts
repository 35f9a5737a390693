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
  for (let row = 0; row < scores.length; row++) {
    if (!(scores[row]! >= 0)) continue;
    if (heap.length < k) {
      heap.push(row);
      if (heap.length === k) for (let at = (k >> 1) + 1; at-- > 0; ) sink(at);
    } else if (k > 0 && before(row, heap[0]!)) {
      heap[0] = row;
      sink(0);
    }
  }
  return heap.sort((a, b) => (before(a, b) ? -1 : 1));
}
