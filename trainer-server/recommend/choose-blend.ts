/** Which way of counting, and which mixture, when an earlier release's period is to be kept. */

import type { Part } from '../../shared/recommend/parts.ts';
import type { Blend } from '../../shared/recommend/recommend.ts';
import type { ScoredCase } from './blend-case.ts';
import { blendQuality, fitBlend } from './fit-blend.ts';

/** The same questions under one way of counting. */
export interface Way {
  fresh: readonly ScoredCase[];
  /** Of the earlier period; none where nothing is gone on from. */
  older: readonly ScoredCase[];
}

export interface Choice {
  /** Index into the ways. */
  way: number;
  blend: Blend;
}

/** Shares of the earlier period among the questions that a mixture is fitted on. */
const OLDER_SHARES = [0, 0.35, 0.65, 0.85];

/** What may be lost of the earlier period for the sake of the new one. */
const LOSS = 0.02;

/**
 * The choice that is best on the new period among those that keep the earlier one; where none does, among those that
 * lose least of it.
 * @param floor quality of the earlier release on `older`
 */
export function chooseBlend(ways: readonly Way[], available: ReadonlySet<Part>, floor = 0): Choice {
  const choices = ways.flatMap(({ fresh, older }, way) =>
    sharesOf(fresh.length, older.length).map((share) => {
      const weight = share === 1 ? 1 : ((share / (1 - share)) * fresh.length) / Math.max(1, older.length);
      const weighed = weight === 0 ? [] : older.map((one) => ({ ...one, weight }));
      const blend = fitBlend([...fresh, ...weighed], available);
      return { way, blend, kept: blendQuality(older, blend), quality: blendQuality(fresh, blend) };
    }),
  );
  const least = (1 - LOSS) * Math.min(floor, Math.max(...choices.map(({ kept }) => kept)));
  const keeping = choices.filter(({ kept }) => kept >= least);
  // The first where equal: what fades rests on fewer observations.
  return keeping.reduce((best, one) => (one.quality > best.quality ? one : best));
}

function sharesOf(fresh: number, older: number): readonly number[] {
  if (older === 0) return [0];
  return fresh === 0 ? [1] : OLDER_SHARES;
}
