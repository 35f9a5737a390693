/** Exact Shapley values: a fair share of a result for each of a few causes. Source: Shapley 1953, section 5. */

/** More causes than this are refused: their subsets double with each. */
const MOST_PLAYERS = 12;

export interface Shapley {
  /** One a player; they sum to `whole - empty`. */
  values: number[];
  /** Worth of nobody and of all. */
  empty: number;
  whole: number;
}

/**
 * @param worth of a set of players, given as a bit mask; called once for each of the 2^players sets, in rising order
 * @throws RangeError beyond 12 players
 */
export async function shapley(
  players: number,
  worth: (set: number) => number | Promise<number>,
): Promise<Shapley> {
  if (players > MOST_PLAYERS) {
    throw new RangeError(`shapley: expected at most ${MOST_PLAYERS} players, got ${players}: group them`);
  }
  const sets = 1 << players;
  const worths = new Float64Array(sets);
  for (let set = 0; set < sets; set++) worths[set] = await worth(set);
  const share = sharesOf(players);
  const values = Array.from({ length: players }, (_, player) => {
    const bit = 1 << player;
    let value = 0;
    for (let set = 0; set < sets; set++) {
      if ((set & bit) === 0) value += share[sizeOf(set)]! * (worths[set | bit]! - worths[set]!);
    }
    return value;
  });
  return { values, empty: worths[0]!, whole: worths[sets - 1]! };
}

/** s! (n - s - 1)! / n!, the share of arrival orders in which just these s came before: by size s. */
function sharesOf(n: number): number[] {
  let share = 1 / n;
  return Array.from({ length: n }, (_, s) => {
    const own = share;
    share *= (s + 1) / (n - s - 1);
    return own;
  });
}

function sizeOf(set: number): number {
  let size = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) size++;
  return size;
}
