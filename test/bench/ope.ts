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
    const known = await coverage(logs, [doublyRobust], true, options);
    const others = await coverage(logs / 5, [ips, snips], true, options);
    const estimated = await coverage(logs / 5, [doublyRobust], false, options);
    const obd = hasObd() ? await openBandit(options) : {};
    return {
      dr_coverage_95: known.dr!,
      ips_coverage_95: others.ips!,
      snips_coverage_95: others.snips!,
      dr_coverage_95_estimated_propensities: estimated.dr!,
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
  const evidence = await evidenceFor({ dataset, target: thompsonPolicy(thompsonShares(100_000)), truth });
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

/** Share of the logs whose interval holds the truth, by estimator. */
async function coverage(
  logs: number,
  estimators: readonly Estimator[],
  propensities: boolean,
  { say }: BenchOptions,
): Promise<Record<string, number>> {
  const held: Record<string, number> = {};
  let judged = 0;
  let refused = 0;
  for (const scenario of SCENARIOS) {
    const own: Record<string, number> = {};
    let answered = 0;
    const count = Math.ceil(logs / SCENARIOS.length);
    for (let seed = 0; seed < count; seed++) {
      const log = knownLog(scenario, seed, { propensities });
      const evidence = await evidenceFor(log);
      if (refusalOf(evidence) !== undefined) {
        refused++;
        continue;
      }
      answered++;
      for (const { name, contributions } of estimators) {
        const { low, high } = intervalOf(
          contributions(evidence),
          evidence.cluster,
          seeded(`${seed}/interval`),
        );
        own[name] = (own[name] ?? 0) + (low <= log.truth && log.truth <= high ? 1 : 0);
      }
    }
    judged += answered;
    for (const [name, n] of Object.entries(own)) held[name] = (held[name] ?? 0) + n;
    const shares = Object.entries(own).map(([name, n]) => `${name} ${((100 * n) / answered).toFixed(1)} %`);
    say(
      `${scenario.name.padEnd(20)} ${propensities ? 'logged' : 'estimated'} ${shares.join('  ')}  (${answered} of ${count})`,
    );
  }
  say(`${refused} of ${judged + refused} refused`);
  return Object.fromEntries(Object.entries(held).map(([name, n]) => [name, n / judged]));
}

async function evidenceFor({ dataset, target }: KnownLog): Promise<Evidence> {
  const { data, decisions } = preparePolicyData(dataset, fitSpec(dataset));
  const rows = await probabilityRows(target, decisions, data);
  return evidenceOf(data, rows, crossFittedRewards(data), propensitiesOf(data).propensity);
}
