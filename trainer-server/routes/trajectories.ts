/** `POST /s/:site/trajectories`: what consenting devices send, believed only where a replay agrees. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { BadInput } from '../../shared/errors.ts';
import { type Trajectory, trajectoryBatchSchema } from '../../shared/feedback.ts';
import { read } from '../../shared/read.ts';
import type { Replayer } from '../feedback/replay.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const count = v.pipe(v.number(), v.integer());

const OPERATION: Operation = {
  summary: 'Consented decisions, each believed only where a replay agrees; an id counts once',
  body: trajectoryBatchSchema,
  answer: v.object({
    accepted: count,
    duplicates: count,
    rejected: v.array(v.object({ id: v.string(), field: v.optional(v.string()), message: v.string() })),
  }),
};

interface Refusal {
  id: string;
  field?: string;
  message: string;
}

/** Answers with counts; 422 where not one line could be taken. A line that was sent before counts once. */
export function trajectoriesRoute(store: Store, replayer: Replayer, now: () => number): Hono {
  return new Hono().post('/s/:site/trajectories', describe(OPERATION), async (c) => {
    const site = siteOf(c);
    const { trajectories } = read(trajectoryBatchSchema, await jsonBody(c));
    if (store.releases.running(site) === undefined) {
      throw new ApiError(404, 'no-release', `site ${site} has no release yet`, 'site');
    }
    const rejected: Refusal[] = [];
    const good: Trajectory[] = [];
    for (const trajectory of trajectories) {
      const problem = await problemOf(replayer, site, trajectory);
      if (problem === undefined) good.push(trajectory);
      else rejected.push(problem);
    }
    const first = rejected[0];
    if (good.length === 0 && first !== undefined)
      throw new ApiError(422, 'replay', first.message, first.field);
    const accepted = store.transaction(
      () =>
        good.filter((line) =>
          store.trajectories.append(site, { id: line.id, received: now(), body: JSON.stringify(line) }),
        ).length,
    );
    c.header('Cache-Control', 'no-store');
    return c.json({ accepted, duplicates: good.length - accepted, rejected });
  });
}

async function problemOf(
  replayer: Replayer,
  site: string,
  trajectory: Trajectory,
): Promise<Refusal | undefined> {
  try {
    await replayer.check(site, trajectory);
    return undefined;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const { field } = error.place;
    return { id: trajectory.id, message: error.message, ...(field === undefined ? {} : { field }) };
  }
}
