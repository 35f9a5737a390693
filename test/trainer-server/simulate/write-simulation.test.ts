import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';
import { runWorld, UNIFORM } from '../../../trainer-server/simulate/index.ts';
import { writeSimulation } from '../../../trainer-server/simulate/write-simulation.ts';
import { worldWith } from '../../helpers/simulated-shopper.ts';

describe('a simulation as files', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'promo-edge-simulation-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('loads back as the run it was: histories, carts, rewards and promotions', async () => {
    const world = worldWith();
    const run = await runWorld(world, UNIFORM, { decisions: 700, seed: 4 });
    const products = join(dir, 'products.jsonl');
    await writeFile(products, '{"sku":"p1","title":"one"}\n');
    const out = join(dir, 'out');
    await writeSimulation(out, world, run, [products]);
    const loaded = await loadDataset(out);
    expect(loaded.rejected).toEqual([]);
    expect(loaded.shop).toEqual(world.shop);
    expect(loaded.promotions).toEqual(world.promotions);
    expect(loaded.products).toHaveLength(1);
    expect(loaded.events).toHaveLength(run.events.length);
    const written = new Map(loaded.decisions.map((decision) => [decision.id, decision]));
    for (const decision of run.decisions) expect(written.get(decision.id)).toEqual(decision);
  });

  it('calls two crowds by different names: visitors, sessions and decisions', async () => {
    const world = worldWith();
    const run = await runWorld(world, UNIFORM, { decisions: 60, seed: 4 });
    const products = join(dir, 'products.jsonl');
    await writeFile(products, '{"sku":"p1","title":"one"}\n');
    const logOf = async (crowd: string) => {
      const out = join(dir, `crowd-${crowd}`);
      await writeSimulation(out, world, run, [products], crowd);
      return loadDataset(out);
    };
    const [one, other] = [await logOf('a-'), await logOf('b-')];
    const names = ({ decisions, events }: typeof one): Set<string | undefined> =>
      new Set([...decisions.flatMap(({ id, visitor }) => [id, visitor]), ...events.map((e) => e.session)]);
    expect([...names(one)].filter((name) => names(other).has(name))).toEqual([]);
    expect(one.decisions.map(({ id }) => id)).toEqual(run.decisions.map(({ id }) => `a-${id}`));
    expect(one.decisions.map(({ history }) => history?.length)).toEqual(
      run.decisions.map(({ history }) => history?.length),
    );
  });

  it('leaves the promotions of the folder as they are', async () => {
    const world = worldWith();
    const run = await runWorld(world, UNIFORM, { decisions: 20, seed: 4 });
    const promotions = join(dir, 'promotions.json');
    await writeFile(promotions, '[ {"id": "own", "type": "message"} ]');
    const out = join(dir, 'kept');
    await writeSimulation(out, world, run, [promotions]);
    expect(await readFile(join(out, 'promotions.json'), 'utf8')).toBe('[ {"id": "own", "type": "message"} ]');
  });
});
