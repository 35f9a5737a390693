/** Whether 95 % intervals hold the truth 95 times in 100, and what the estimators say of the Open Bandit sample. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { seeded } from '../../shared/random.ts';
import { effectiveSampleSize } from '../../trainer-server/evaluate/diagnostics.ts';
import { direct } from '../../trainer-server/evaluate/estimators/direct.ts';
import { doublyRobust } from '../../trainer-server/evaluate/estimators/doubly-robust.ts';
import type { Estimator } from '../../trainer-server/evaluate/estimators/estimator.ts';
import { ips } from '../../trainer-server/evaluate/estimators/ips.ts';
import { snips } from '../../trainer-server/evaluate/estimators/snips.ts';
import { type Evidence, evidenceOf, probabilityRows } from '../../trainer-server/evaluate/evidence.ts';
import { intervalOf } from '../../trainer-server/evaluate/intervals/index.ts';
import { crossFittedRewards } from '../../trainer-server/evaluate/reward-model.ts';
import { refusalOf } from '../../trainer-server/evaluate/thin.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import { preparePolicyData } from '../../trainer-server/policy/prepare.ts';
import { propensitiesOf } from '../../trainer-server/policy/propensity.ts';
import { BROKEN_LOGS } from '../helpers/broken-logs.ts';
import { evaluateRows, isInWords } from '../helpers/evaluate-rows.ts';
import { type KnownLog, knownLog, SCENARIOS } from '../helpers/known-logs.ts';
import { hasObd, obdDataset, readImpressions, thompsonPolicy, thompsonShares } from '../helpers/obd.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

export const bench: Bench = {
  summary: 'off-policy estimates: interval coverage on logs of known value, Open Bandit sample, refusals',
  async run(options) {
    const logs = options.quick ? 160 : 1000;
    const held = await coverage(logs, options);
    const obd = hasObd() ? await openBandit(options) : {};
    return {
      dr_coverage_95: held.dr!,
      ips_coverage_95: held.ips!,
      snips_coverage_95: held.snips!,
      dr_coverage_95_estimated_propensities: held[ESTIMATED]!,
      logs,
      ...obd,
      refused_when_thin: await refusedWhenThin(options),
    };
  },
};

/** Relative errors of the value of Thompson sampling, estimated from what the uniform policy logged. */
async function openBandit({ say }: BenchOptions): Promise<Figures> {
  const clicks = readImpressions('bts').map(({ click }) => click);
  const truth = clicks.reduce((sum, click) => sum + click, 0) / clicks.length;
  const dataset = obdDataset(readImpressions('random'));
  const { evidence } = await evidenceFor({ dataset, target: thompsonPolicy(thompsonShares(100_000)), truth });
  const figures: Figures = { obd_ess: effectiveSampleSize(evidence) };
  for (const { name, contributions } of [ips, snips, direct, doublyRobust]) {
    const { value, low, high } = intervalOf(contributions(evidence), evidence.cluster, seeded(1));
    say(
      `Open Bandit ${name.padEnd(6)} ${value.toFixed(5)} (${low.toFixed(5)} to ${high.toFixed(5)}), true ${truth}`,
    );
    figures[`obd_${name}_rel_error`] = Math.abs(value - truth) / truth;
  }
  return figures;
}

/** Share of the broken logs that end in words in every line. */
async function refusedWhenThin({ say }: BenchOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'thin-'));
  let refused = 0;
  for (const log of BROKEN_LOGS) {
    const words = await evaluateRows(folder, log).then(
      ({ out }) => out.length > 0 && out.every(isInWords),
      (error: unknown) => error instanceof BadInput,
    );
    if (words) refused++;
    else say(`not refused: ${log.name}`);
  }
  await rm(folder, { recursive: true });
  return refused / BROKEN_LOGS.length;
}

/** Of so many logs one is judged by the other estimators, and without its propensities, too. */
const EVERY = 5;
const ESTIMATED = 'dr, estimated propensities';

/** Share of the logs whose interval holds the truth, by estimator. */
async function coverage(logs: number, { say }: BenchOptions): Promise<Record<string, number>> {
  const held: Record<string, boolean[]> = {};
  let refused = 0;
  for (const scenario of SCENARIOS) {
    const own: Record<string, boolean[]> = {};
    const judge = (
      name: string,
      { contributions }: Estimator,
      evidence: Evidence,
      log: KnownLog,
      seed: number,
    ) => {
      const { low, high } = intervalOf(contributions(evidence), evidence.cluster, seeded(`${seed}/interval`));
      for (const into of [own, held])
        into[name] = [...(into[name] ?? []), low <= log.truth && log.truth <= high];
    };
    for (let seed = 0; seed < Math.ceil(logs / SCENARIOS.length); seed++) {
      const log = knownLog(scenario, seed);
      const { evidence, estimated } = await evidenceFor(log);
      if (refusalOf(evidence) !== undefined) {
        refused++;
        continue;
      }
      judge('dr', doublyRobust, evidence, log, seed);
      if (seed % EVERY !== 0) continue;
      for (const estimator of [ips, snips]) judge(estimator.name, estimator, evidence, log, seed);
      const unsaid = estimated();
      if (refusalOf(unsaid) === undefined) judge(ESTIMATED, doublyRobust, unsaid, log, seed);
    }
    const shares = Object.entries(own).map(
      ([name, all]) => `${name} ${(100 * shareOf(all)).toFixed(1)} % of ${all.length}`,
    );
    say(`${scenario.name.padEnd(20)} ${shares.join('  ')}`);
  }
  say(`${refused} of ${logs} refused`);
  return Object.fromEntries(Object.entries(held).map(([name, all]) => [name, shareOf(all)]));
}

const shareOf = (all: readonly boolean[]): number => all.filter(Boolean).length / all.length;

interface Seen {
  evidence: Evidence;
  /** The same log, had it not said its propensities. */
  estimated(): Evidence;
}

async function evidenceFor({ dataset, target }: KnownLog): Promise<Seen> {
  const { data, decisions } = preparePolicyData(dataset, fitSpec(dataset));
  const rows = await probabilityRows(target, decisions, data);
  const modelled = crossFittedRewards(data);
  const unsaid = () => ({ ...data, propensity: new Float64Array(data.count).fill(Number.NaN) });
  const seenBy = (propensity: Float64Array) => evidenceOf(data, rows, modelled, propensity);
  return {
    evidence: seenBy(propensitiesOf(data).propensity),
    estimated: () => seenBy(propensitiesOf(unsaid()).propensity),
  };
}
