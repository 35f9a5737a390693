/** Which menu and budget price a visit gets: drawn by chance, so that what it earns can be learnt from. */

import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { BadInput } from '../../shared/errors.ts';
import { read } from '../../shared/read.ts';
import type { Db } from '../store/database.ts';
import type { CouponKeys } from './keys.ts';

const armSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** Of the visits. */
  share: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  /** Promotions that may be claimed; every live one where absent. */
  menu: v.optional(v.pipe(v.array(v.string()), v.maxLength(100))),
  /** Lambda: what a minor unit of budget is worth, for the policy on the device; the release's where absent. */
  budgetPrice: v.optional(v.pipe(v.number(), v.minValue(0))),
});

export type Arm = v.InferOutput<typeof armSchema>;

export const experimentSchema = v.object({
  arms: v.pipe(v.array(armSchema), v.minLength(1), v.maxLength(20)),
});

export type Experiment = v.InferOutput<typeof experimentSchema>;

/** @throws BadInput where the shares are not all of the visits */
export function readExperiment(raw: unknown): Experiment {
  const experiment = read(experimentSchema, raw);
  const sum = experiment.arms.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9) throw new BadInput({ field: 'arms' }, 'shares that add up to 1', String(sum));
  if (new Set(experiment.arms.map(({ id }) => id)).size < experiment.arms.length)
    throw new BadInput({ field: 'arms' }, 'each arm id once', 'one twice');
  return experiment;
}

/** Where no experiment runs, everybody gets everything, and nothing can be learnt from it. */
export const EVERYTHING: Arm = { id: 'everything', share: 1 };

/**
 * The same visit always draws the same arm, whoever asks how often: nobody can draw again for a better menu. The
 * draw is uniform to whoever does not know the key.
 */
export function drawArm(
  arms: readonly Arm[],
  keys: CouponKeys,
  site: string,
  version: number,
  sid: string,
): Arm {
  const digest = createHmac('sha256', keys.of(site, 'assignment')).update(`${version} ${sid}`).digest();
  let u = digest.readUIntBE(0, 6) / 2 ** 48;
  for (const arm of arms) {
    if (u < arm.share) return arm;
    u -= arm.share;
  }
  return arms.at(-1)!;
}

export interface RunningExperiment {
  version: number;
  experiment: Experiment;
}

export interface Experiments {
  running(site: string): RunningExperiment | undefined;
  version(version: number): Experiment;
  start(site: string, experiment: Experiment, at: number): number;
}

export function experimentsOf(db: Db): Experiments {
  const running = db.prepare(
    'select version, body from coupon_experiment where site = ? order by version desc limit 1',
  );
  const one = db.prepare('select body from coupon_experiment where version = ?').pluck();
  const insert = db.prepare('insert into coupon_experiment (site, at, body) values (?, ?, ?)');
  return {
    running(site) {
      const row = running.get(site) as { version: number; body: string } | undefined;
      return row && { version: row.version, experiment: JSON.parse(row.body) as Experiment };
    },
    version: (version) => JSON.parse(one.get(version) as string) as Experiment,
    start: (site, experiment, at) => Number(insert.run(site, at, JSON.stringify(experiment)).lastInsertRowid),
  };
}
