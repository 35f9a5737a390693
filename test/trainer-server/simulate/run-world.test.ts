import { beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from '../../../shared/decision.ts';
import { BadInput } from '../../../shared/errors.ts';
import {
  difference,
  fixedPolicy,
  type RunResult,
  runWorld,
  type SimulatedPolicy,
  UNIFORM,
} from '../../../trainer-server/simulate/index.ts';
import { worldWith } from '../../helpers/simulated-shopper.ts';

const world = worldWith();
const skewed: SimulatedPolicy = {
  name: 'skewed',
  probabilities: async (requests) =>
    requests.map(({ eligible = [] }) => {
      const weights = eligible.map((_, i) => 1 / (1 + i));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }),
};

describe('a run', () => {
  let run: RunResult;
  beforeAll(async () => {
    run = await runWorld(world, skewed, { decisions: 4000, seed: 3 });
  }, 60_000);

  it('gives exactly the decisions asked for, in time order, each with its propensity', () => {
    expect(run.decisions).toHaveLength(4000);
    run.decisions.forEach((decision, i) => {
      if (i > 0) expect(decision.ts!).toBeGreaterThanOrEqual(run.decisions[i - 1]!.ts!);
      const at = decision.eligible.indexOf(decision.action);
      const total = decision.eligible.reduce((sum, _, k) => sum + 1 / (1 + k), 0);
      expect(decision.propensity).toBeCloseTo(1 / (1 + at) / total, 12);
    });
  });

  it('draws actions as often as their propensities say', () => {
    const first = run.decisions.filter(({ action }) => action === 'none').length;
    const p = run.decisions[0]!.eligible.reduce((sum, _, k) => sum + 1 / (1 + k), 0) ** -1;
    expect(Math.abs(first - 4000 * p)).toBeLessThan(4 * Math.sqrt(4000 * p * (1 - p)));
  });

  it('has a true value that the logged rewards scatter around', () => {
    const rewards = run.decisions.map(({ reward }) => reward!);
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length;
    expect(Math.abs(mean - run.value.mean)).toBeLessThan(4 * Math.sqrt(variance / rewards.length));
  });

  it('keeps the truth apart, by the order of eligible', () => {
    run.decisions.forEach(({ eligible }, i) => {
      expect(run.expected[i]).toHaveLength(eligible.length);
    });
    const mean =
      run.decisions.reduce((sum, { eligible }, i) => {
        const total = eligible.reduce((all, _, k) => all + 1 / (1 + k), 0);
        return sum + eligible.reduce((all, _, k) => all + run.expected[i]![k]! / (1 + k) / total, 0);
      }, 0) / run.decisions.length;
    expect(mean).toBeCloseTo(run.value.mean, 10);
  });

  it('gives each decision the past of its visitor up to then, and nothing of the future', () => {
    const timeline = new Map<string, number[]>();
    for (const { visitor, ts } of run.events) {
      const own = timeline.get(visitor) ?? [];
      timeline.set(visitor, own);
      expect(ts!).toBeGreaterThanOrEqual(own.at(-1) ?? 0);
      own.push(ts!);
    }
    for (const { visitor, ts, history } of run.decisions) {
      expect(history.every((event) => event.ts! < ts! && event.visitor === visitor)).toBe(true);
      expect(history).toHaveLength(Math.min(256, timeline.get(visitor)!.filter((time) => time < ts!).length));
    }
  });

  it('holds purchases for money, some of them late, and refunds that name what was bought', () => {
    const purchases = run.events.filter(({ name }) => name === 'purchase');
    const refunds = run.events.filter(({ name }) => name === 'refund');
    expect(purchases.length).toBeGreaterThan(150);
    expect(refunds.length).toBeGreaterThan(5);
    for (const { value, items } of purchases) {
      expect(value!).toBeGreaterThanOrEqual(0);
      expect(items!.length).toBeGreaterThan(0);
    }
    const paid = new Set(purchases.map(({ visitor, items }) => `${visitor} ${JSON.stringify(items)}`));
    for (const refund of refunds) expect(paid).toContain(`${refund.visitor} ${JSON.stringify(refund.items)}`);
    const late = run.decisions.filter(({ outcome }) => (outcome?.delay_ms as number) > 3_600_000);
    expect(late.length).toBeGreaterThan(20);
  });
});

describe('what a policy sees', () => {
  it('is a request as the command line reads it, and no hidden variable', async () => {
    const fields = new Set<string>();
    const attributes = new Set<string>();
    const spy: SimulatedPolicy = {
      name: 'spy',
      probabilities: (requests) => {
        for (const request of requests) {
          for (const [key, value] of Object.entries(request)) if (value !== undefined) fields.add(key);
          for (const event of request.history)
            for (const key of Object.keys(event)) fields.add(`history.${key}`);
          for (const key of Object.keys(request.attributes ?? {})) attributes.add(key);
          expect(() => readRequest({ ...request, history: [] }, 'EUR')).not.toThrow();
        }
        return UNIFORM.probabilities(requests);
      },
    };
    await runWorld(world, spy, { decisions: 800, seed: 1 });
    expect([...fields].filter((field) => !field.startsWith('history.')).sort()).toEqual(
      ['attributes', 'cart', 'eligible', 'history', 'id', 'slot', 'ts'].sort(),
    );
    const ofEvents = [...fields]
      .filter((field) => field.startsWith('history.'))
      .map((field) => field.slice(8));
    const declared = 'visitor session ts name sku items query value rating promotion dwellMs'.split(' ');
    expect(ofEvents.filter((field) => !declared.includes(field))).toEqual([]);
    expect([...attributes].sort()).toEqual(Object.keys(world.shop.attributes).sort());
  });
});

describe('randomness', () => {
  it('gives the same run for the same seed, whatever the batch', async () => {
    const one = await runWorld(world, skewed, { decisions: 600, seed: 5, batch: 1 });
    const many = await runWorld(world, skewed, { decisions: 600, seed: 5, batch: 400 });
    const other = await runWorld(world, skewed, { decisions: 600, seed: 6 });
    expect(many).toEqual(one);
    expect(other.value.mean).not.toBe(one.value.mean);
  });

  it('gives every policy the same visitors, so that differences are far sharper than values', async () => {
    const options = { decisions: 3000, seed: 8 };
    const none = await runWorld(world, fixedPolicy('none'), options);
    const uniform = await runWorld(world, UNIFORM, options);
    expect([...uniform.visitors.decisions]).toEqual([...none.visitors.decisions]);
    const gain = difference(uniform, none);
    expect(gain.mean).toBeCloseTo(uniform.value.mean - none.value.mean, 10);
    expect(gain.standardError).toBeLessThan(0.7 * uniform.value.standardError);
  });
});

describe('bad use', () => {
  it('refuses probabilities that are none', async () => {
    const broken: SimulatedPolicy = {
      name: 'broken',
      probabilities: async (requests) => requests.map(({ eligible = [] }) => eligible.map(() => 0.5)),
    };
    await expect(runWorld(world, broken, { decisions: 10, seed: 1 })).rejects.toThrow(
      /policy 'broken'.*sum to one/,
    );
    await expect(runWorld(world, UNIFORM, { seed: 1 })).rejects.toBeInstanceOf(BadInput);
  });

  it('stops where it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(runWorld(world, UNIFORM, { decisions: 10, seed: 1, signal })).rejects.toThrow(/abort/i);
  });
});
