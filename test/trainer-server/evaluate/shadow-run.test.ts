import { describe, expect, it } from 'vitest';
import type { LoggedDecision } from '../../../shared/decision.ts';
import { contextNames } from '../../../shared/features/context.ts';
import { nextStep } from '../../../trainer-server/evaluate/rollout.ts';
import { shadowRun } from '../../../trainer-server/evaluate/shadow-run.ts';
import { ENGINE, MODEL, requestOf, SPEC } from '../../helpers/policy.ts';

/** All for the best promotion: 'tea-20', of what is known to `ENGINE`. */
const GREEDY = { ...MODEL, exploration: { uniformShare: 0, floor: 0, greed: 1e9, unit: 1 } };

const logged = (count: number, action = 'tea-20', age?: number): LoggedDecision[] =>
  Array.from({ length: count }, (_, i) => ({
    ...requestOf(age === undefined ? {} : { attributes: { age } }),
    ...{ id: `d${i}`, visitor: `v${i}`, eligible: ['none', 'ten-off', 'tea-20'], action },
  }));

/** A clock that one decision in ten finds slow. */
function ticking(slow: number): () => number {
  let reads = 0;
  let now = 0;
  return () => {
    const ends = reads % 2 === 1;
    if (ends) now += reads % 20 === 19 ? slow : 1;
    reads++;
    return now;
  };
}

describe('a candidate in shadow', () => {
  it('says how often it would have shown something else, and anything at all', async () => {
    const decisions = [...logged(30), ...logged(10, 'ten-off')];
    const run = await shadowRun(decisions, GREEDY, ENGINE, ticking(1));
    expect(run).toMatchObject({ decisions: 40, faults: 0, p95Ms: 1 });
    expect(run.changed).toBeCloseTo(0.25, 3);
    expect(run.shown).toBeCloseTo(1, 3);
  });

  it('goes on to its first devices after a thousand decisions, and not before', async () => {
    const run = await shadowRun(logged(20), GREEDY, ENGINE, ticking(1));
    expect(nextStep({ stage: 'shadow', share: 0 }, { ...run, decisions: 999 })).toMatchObject({
      action: 'stay',
      stage: 'shadow',
    });
    expect(nextStep({ stage: 'shadow', share: 0 }, { ...run, decisions: 1000 })).toMatchObject({
      action: 'advance',
      stage: 'canary',
      share: 0.01,
    });
  });

  it('is withdrawn where its values fail for some shoppers, or its engine does, or it is slow', async () => {
    const old = contextNames(SPEC).indexOf('age.quantile.2');
    const failing = (fault: () => Float32Array<ArrayBuffer>) => ({
      ...ENGINE,
      score: async (state: Float32Array, actions: Float32Array, count: number) =>
        state[old]! > 0 ? fault() : ENGINE.score(state, actions, count),
    });
    const decisions = [...logged(260), ...logged(40, 'tea-20', 70)];
    const verdictOn = async (engine: typeof ENGINE, slow = 1) => {
      const run = await shadowRun(decisions, GREEDY, engine, ticking(slow));
      return { run, step: nextStep({ stage: 'shadow', share: 0 }, run) };
    };
    const notFinite = await verdictOn(failing(() => Float32Array.of(0, Number.NaN, 1)));
    expect(notFinite.run).toMatchObject({ faults: 40, fault: 'a value that is no number' });
    expect(notFinite.step).toMatchObject({ action: 'withdraw' });
    const throwing = await verdictOn(
      failing(() => {
        throw new Error('out of memory');
      }),
    );
    expect(throwing.run).toMatchObject({ faults: 40, fault: 'out of memory' });
    expect(throwing.step).toMatchObject({ action: 'withdraw' });
    expect((await verdictOn(ENGINE, 80)).step).toMatchObject({ action: 'withdraw' });
    expect((await verdictOn(ENGINE)).step).toMatchObject({ action: 'stay' });
  });
});
