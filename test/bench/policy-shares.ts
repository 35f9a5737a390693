/** What policies earned in simulated worlds, as shares of what the oracle earned there. */

import { argmax } from '../../shared/choose.ts';
import type { Figures } from './bench.ts';

/** One world and seed. Gains are over no promotion, by visitor, so that they can be paired. */
export interface Round {
  gains: Record<string, Float64Array>;
  decisions: number;
  allKnowing: number;
  seconds: number;
}

export const LEARNED = 'learned';
export const ORACLE = 'oracle';

export const total = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0);
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Share of the oracle's gain, the mean over rounds, with the linearised standard error over visitors. */
export function shareOf(
  rounds: readonly Pick<Round, 'gains'>[],
  name: string,
): { share: number; error: number } {
  const each = rounds.map(({ gains }) => {
    const [ours, oracle] = [gains[name]!, gains[ORACLE]!];
    const share = total(ours) / total(oracle);
    const squares = ours.reduce((sum, x, i) => sum + (x - share * oracle[i]!) ** 2, 0);
    return { share, error: Math.sqrt(squares) / total(oracle) };
  });
  return {
    share: each.reduce((sum, { share }) => sum + share, 0) / each.length,
    error: Math.sqrt(each.reduce((sum, { error }) => sum + error ** 2, 0)) / each.length,
  };
}

/** @param rounds by world; every one with the gains of the same policies */
export function figuresOf(rounds: Readonly<Record<string, Round[]>>): Figures {
  const names = Object.keys(Object.values(rounds)[0]![0]!.gains);
  const all = Object.values(rounds).flat();
  const baselines = names.filter((name) => name !== LEARNED && name !== ORACLE);
  const { share, error } = shareOf(all, LEARNED);
  const shares = baselines.map((name) => shareOf(all, name).share);
  // In each world against the baseline that does best there, no promotion at all (a gain of 0) included.
  const lead = Object.values(rounds).map((own) => {
    const best = baselines[argmax(baselines.map((name) => shareOf(own, name).share))]!;
    return leadOver(own, shareOf(own, best).share > 0 ? best : undefined);
  });
  return {
    share_of_oracle: share,
    share_of_oracle_low: share - 1.96 * error,
    worlds: Object.keys(rounds).length,
    seeds: Object.values(rounds)[0]!.length,
    best_baseline_share: Math.max(...shares),
    ...Object.fromEntries(baselines.map((name, i) => [`${name.replaceAll(' ', '_')}_share`, shares[i]!])),
    ...Object.fromEntries(
      Object.entries(rounds).map(([world, own]) => [
        `${world.replaceAll('-', '_')}_share`,
        shareOf(own, LEARNED).share,
      ]),
    ),
    all_knowing_share: all.reduce((sum, round) => sum + round.allKnowing, 0) / all.length,
    worlds_won: lead.filter(({ mean }) => mean > 0).length,
    worlds_significant: lead.filter(({ mean, error }) => mean - 1.96 * error > 0).length,
    train_s: all.reduce((sum, { seconds }) => sum + seconds, 0) / all.length,
  };
}

/** Lead over another policy, or over none, in shares of the oracle's gain, paired by visitor. */
function leadOver(rounds: readonly Round[], name: string | undefined): { mean: number; error: number } {
  const each = rounds.map(({ gains }) => {
    const differences = gains[LEARNED]!.map((x, i) => x - (name === undefined ? 0 : gains[name]![i]!));
    const oracle = total(gains[ORACLE]!);
    return {
      mean: total(differences) / oracle,
      error: Math.sqrt(differences.reduce((s, d) => s + d * d, 0)) / oracle,
    };
  });
  return {
    mean: each.reduce((sum, { mean }) => sum + mean, 0) / each.length,
    error: Math.sqrt(each.reduce((sum, { error }) => sum + error ** 2, 0)) / each.length,
  };
}
