/** `/api/qa`: what the page `/qa` reads and starts. Only for this machine: it starts hours of work for who may ask. */

import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Client } from '../../trainer-server/client/index.ts';
import type { Loop } from './loop.ts';
import { type LoopState, type RoundOrder, STARTS, type TrainerState, type Verdict, WORLDS } from './round.ts';

export interface QaParts {
  loop: Loop;
  client: Pick<Client, 'manifest'>;
  endpoint: string;
  site: string;
}

const MOST = { crowd: 100_000, seconds: 1_800 };

export function qaRoute({ loop, client, endpoint, site }: QaParts): Hono {
  return new Hono<{ Bindings: HttpBindings }>()
    .use('/api/qa/*', async (c, next) => {
      const from = c.env?.incoming?.socket.remoteAddress ?? '127.0.0.1';
      const ours = c.req.header('sec-fetch-site') ?? 'same-origin';
      if (!/^(::1$|::ffff:127\.|127\.)/.test(from) || ours !== 'same-origin')
        return c.json(
          { error: { code: 'forbidden', message: 'expected a page of this shop, on this machine' } },
          403,
        );
      await next();
      c.header('Cache-Control', 'no-store');
    })
    .get('/api/qa/state', async (c) => {
      const trainer = await trainerState(client, endpoint, site).catch(() => undefined);
      return c.json({ trainer, round: loop.round } satisfies LoopState);
    })
    .post('/api/qa/rounds', bodyLimit({ maxSize: 1024 }), async (c) => {
      const order = orderOf(await c.req.json().catch(() => undefined));
      if (order === undefined)
        return c.json(
          { error: { code: 'bad-input', message: 'expected from, crowd, world and seconds' } },
          400,
        );
      if (loop.busy) return c.json({ error: { code: 'busy', message: 'a round is under way' } }, 409);
      return c.json(loop.start(order), 202);
    })
    .post('/api/qa/overrule', async (c) => {
      try {
        return c.json(await loop.overrule(), 201);
      } catch (error) {
        return c.json({ error: { code: 'conflict', message: (error as Error).message } }, 409);
      }
    }) as unknown as Hono;
}

function orderOf(raw: unknown): RoundOrder | undefined {
  const { from, crowd, world, seconds } = (raw ?? {}) as Partial<Record<keyof RoundOrder, unknown>>;
  const within = (value: unknown, least: number, most: number): value is number =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  const [start, tastes] = [STARTS.find((name) => name === from), WORLDS.find((name) => name === world)];
  if (start === undefined || tastes === undefined) return undefined;
  if (!within(crowd, 0, MOST.crowd) || !within(seconds, 5, MOST.seconds)) return undefined;
  return { from: start, crowd, seconds, world: tastes };
}

/** As the trainer says it: the signed manifest, and its counters. @throws where it does not answer */
async function trainerState(
  client: Pick<Client, 'manifest'>,
  endpoint: string,
  site: string,
): Promise<TrainerState> {
  const [{ signed }, metrics] = await Promise.all([
    client.manifest(),
    fetch(`${endpoint}/metrics`, { signal: AbortSignal.timeout(5_000) }).then((response) => response.text()),
  ]);
  const gauge = (name: string): number =>
    Number(new RegExp(`^promo_edge_${name}\\{site="${site}"\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
  return {
    release: signed.version,
    trajectories: gauge('trajectories'),
    orders: gauge('orders'),
    ...(signed.verdict === undefined ? {} : { verdict: signed.verdict as Verdict }),
  };
}
