/** The policy of a target file: lines `{id, probabilities: {promotion: p}}`. */

import * as v from 'valibot';
import { BadInput, placed } from '../../shared/errors.ts';
import { read } from '../../shared/read.ts';
import { allJsonLines, openMaybeGzip } from '../dataset/lines.ts';

const lineSchema = v.object({
  id: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  probabilities: v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

/** How far from one a line's probabilities may sum: files are written with few digits. */
const TOLERANCE = 0.01;

/** Probabilities by decision id. @throws BadInput naming the line where one is no distribution or comes twice */
export async function readTarget(file: string): Promise<Map<string, Record<string, number>>> {
  const out = new Map<string, Record<string, number>>();
  const parse = (raw: unknown) => {
    const line = read(lineSchema, raw);
    const sum = Object.values(line.probabilities).reduce((total, p) => total + p, 0);
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw new BadInput({ field: 'probabilities' }, 'a sum of 1', String(sum));
    }
    if (out.has(line.id)) throw new BadInput({ field: 'id' }, 'each decision once', line.id);
    out.set(line.id, line.probabilities);
    return line;
  };
  const refuse = (error: BadInput): never => {
    throw placed(error, { file });
  };
  await allJsonLines(await openMaybeGzip(file), parse, refuse).catch((error: unknown) => {
    throw error instanceof BadInput ? placed(error, { file }) : error;
  });
  return out;
}

/** A target's probabilities in the order of `eligible`. @throws BadInput where it wants what is not eligible */
export function inOrder(
  file: string,
  id: string,
  eligible: readonly string[],
  target: Record<string, number>,
): number[] {
  const strange = Object.entries(target).find(([promotion, p]) => p > 0 && !eligible.includes(promotion));
  if (strange !== undefined) {
    throw new BadInput({ file, field: `${id}.probabilities` }, `only ${eligible.join(', ')}`, strange[0]);
  }
  return eligible.map((promotion) => target[promotion] ?? 0);
}
