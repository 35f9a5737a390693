/** Whether 95 % intervals hold the truth 95 times in 100, and what the estimators say of the Open Bandit sample. */

import { seeded } from '../../shared/random.ts';
import { doublyRobust } from '../../trainer-server/evaluate/estimators/doubly-robust.ts';
import { ips } from '../../trainer-server/evaluate/estimators/ips.ts';
import { snips } from '../../trainer-server/evaluate/estimators/snips.ts';
import { type Evidence, evidenceOf, probabilityRows } from '../../trainer-server/evaluate/evidence.ts';
import { intervalOf } from '../../trainer-server/evaluate/intervals/index.ts';
import { crossFittedRewards } from '../../trainer-server/evaluate/reward-model.ts';
import { refusalOf } from '../../trainer-server/evaluate/thin.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import { propensitiesOf } from '../../trainer-server/policy/propensity.ts';
import { preparePolicyData } from '../../trainer-server/policy/train-policy.ts';
import { type KnownLog, knownLog, SCENARIOS } from '../helpers/known-logs.ts';
import type { Bench, BenchOptions, Figures } from './bench.ts';

const ESTIMATORS = [ips, snips, doublyRobust];

export const bench: Bench = {
  summary: 'off-policy estimates: interval coverage on logs of known value, Open Bandit sample, refusals',
  async run(options) {
    const logs = options.quick ? 160 : 1000;
    const known = await coverage(logs, true, options);
    const estimated = await coverage(logs / 5, false, options);
    return {
      dr_coverage_95: known.dr!,
      ips_coverage_95: known.ips!,
      snips_coverage_95: known.snips!,
      dr_coverage_95_estimated_propensities: estimated.dr!,
      logs,
    };
  },
};

/** Share of the logs whose interval holds the truth, by estimator. */
async function coverage(logs: number, propensities: boolean, { say }: BenchOptions): Promise<Figures> {
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
      for (const { name, contributions } of ESTIMATORS) {
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
