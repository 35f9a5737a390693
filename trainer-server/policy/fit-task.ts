/** One outcome learned by a bilinear model whose penalty left-out visitors choose. */

import { type Bilinear, type Design, etaOf, fitBilinear, losses, observe } from './bilinear.ts';
import type { Link } from './fit-engine.ts';
import type { PolicyData } from './policy-data.ts';

/** What is learned about a logged action: its outcome, and for which decisions it is known. */
export interface Task {
  name: string;
  link: Link;
  /** [n] */
  y: Float64Array;
  /** 1 for the decisions that it is about, [n]. */
  rows: Uint8Array;
  /** How much each counts, one on average, [n]; all alike where absent. With the link 'identity' alone. */
  weight?: Float64Array;
}

/** Which decisions a model may see, and which judge its penalty. */
export interface Split {
  seen: Int32Array;
  judged: Int32Array;
  visitor: Int32Array;
}

/** Numbers of a matrix that a fit learns from at most, 400 MB: it is held twice, beside the log itself. */
const MOST_NUMBERS = 1e8;

/**
 * Fits with the penalty given, or along the candidates, each from the one before, until they get worse.
 * @param errors standard errors by which a weaker penalty must be better to be preferred
 * @returns the model, whose options tell the penalty chosen
 */
export async function fitTask(
  { name, y, rows, link, weight }: Task,
  design: Design,
  { seen, judged, visitor }: Split,
  candidates: readonly number[],
  base: number,
  errors = 1,
): Promise<Bilinear> {
  design.solver.say(name);
  const known = (i: number): boolean => rows[i] === 1;
  // Weighted least squares are plain ones of rows times the root of their weight.
  const factor = (i: number): number => (weight === undefined ? 1 : Math.sqrt(weight[i]!));
  const outcomes = (of: Int32Array): Float32Array => Float32Array.from(of, (i) => factor(i) * y[i]!);
  const most = Math.floor(MOST_NUMBERS / (design.state.width + 1 + design.meaning.width));
  const own = thinned(seen.filter(known), most);
  const learned = { seen: observe(design, own, factor), y: outcomes(own) };
  const fitted = (penalty: number, start?: Bilinear): Promise<Bilinear> =>
    fitBilinear(design, learned.seen, learned.y, { link, base, own: penalty }, start);
  const [strongest] = candidates;
  const first = await fitted(strongest!);
  if (candidates.length === 1) return first;

  const others = thinned(judged.filter(known), most);
  const judge = { seen: observe(design, others, factor), y: outcomes(others) };
  const lossOf = async (model: Bilinear): Promise<Float64Array> =>
    losses(await etaOf(design, model, judge.seen), judge.y, link);
  const path = [{ model: first, loss: await lossOf(first) }];
  for (const weaker of candidates.slice(1)) {
    if (design.solver.late()) break;
    const model = await fitted(weaker, path.at(-1)!.model);
    const loss = await lossOf(model);
    if (sumOf(loss) > sumOf(path.at(-1)!.loss)) break;
    path.push({ model, loss });
  }
  const best = path.at(-1)!;
  const clusters = others.map((i) => visitor[i]!);
  return path.find(({ loss }) => !clearlyWorse(loss, best.loss, clusters, errors))!.model;
}

/** By more than so many standard errors of the paired difference, clustered by visitor. */
function clearlyWorse(loss: Float64Array, best: Float64Array, clusters: Int32Array, errors: number): boolean {
  const byVisitor = new Map<number, number>();
  loss.forEach((x, i) => {
    byVisitor.set(clusters[i]!, (byVisitor.get(clusters[i]!) ?? 0) + x - best[i]!);
  });
  let squares = 0;
  for (const lost of byVisitor.values()) squares += lost * lost;
  return sumOf(loss) - sumOf(best) > errors * Math.sqrt(squares);
}

/** As many rows at even distances as there may be. */
export function thinned(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

const sumOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);

/** @param folds of each decision, the one left out judging what the others taught */
export function splitOf(data: PolicyData, folds: Int32Array, fold: number, foldCount: number): Split {
  return {
    seen: rowsWhere(data, (i) => folds[i]! >= 0 && (foldCount === 1 || folds[i] !== fold)),
    judged: rowsWhere(data, (i) => folds[i] === fold),
    visitor: data.visitor,
  };
}

function rowsWhere({ count }: PolicyData, keep: (i: number) => boolean): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i).filter(keep);
}
