import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  addVisitor,
  emptyArm,
  liftOf,
  meanOfArm,
} from '../../../trainer-server/evaluate/confidence-sequence.ts';
import {
  isAbove,
  type LiveEvidence,
  nextStep,
  ROLLOUT,
  type RolloutState,
} from '../../../trainer-server/evaluate/rollout.ts';

const lift = (low: number, high: number, visitors = 1000) => ({
  ...{ value: (low + high) / 2, low, high, alwaysLow: low, alwaysHigh: high },
  ...{ visitors, controlMean: 1 },
});
const FINE: LiveEvidence = { decisions: 5000, faults: 0, p95Ms: 5, lift: lift(-0.01, 0.2) };

/** A release that truly differs by `effect` of a mean of 1, through all stages; asked after every 200 visitors. */
function rollOut(effect: number, seed: number): RolloutState & { visitors: number } {
  const random = seeded(`rollout/${seed}`);
  let state: RolloutState = { stage: 'shadow', share: 0 };
  state = nextStep(state, { decisions: 2000, faults: 0 });
  const [treated, control] = [emptyArm(), emptyArm()];
  let visitors = 0;
  while (state.stage === 'canary' && visitors < 60_000) {
    for (let v = 0; v < 200; v++, visitors++) {
      const has = random.next() < state.share;
      addVisitor(has ? treated : control, 1 + (has ? effect : 0) + random.normal());
    }
    const own = { ...liftOf(treated, control), visitors: treated.visitors, controlMean: meanOfArm(control) };
    state = nextStep(state, { decisions: 2000 + treated.visitors, faults: 0, lift: own });
  }
  return { ...state, visitors };
}

describe('a staged rollout', () => {
  it('goes from shadow through the shares of the canary to everyone', () => {
    let state: RolloutState = { stage: 'shadow', share: 0 };
    const path: (string | number)[] = [];
    for (let step = 0; step < 8; step++) {
      state = nextStep(state, FINE);
      path.push(state.stage, state.share);
    }
    expect(path.slice(0, 12)).toEqual([
      'canary',
      0.01,
      'canary',
      0.05,
      'canary',
      0.2,
      'canary',
      0.5,
      'full',
      1,
      'full',
      1,
    ]);
  });

  it('waits while there is too little evidence, and says for what', () => {
    const shadow = nextStep({ stage: 'shadow', share: 0 }, { decisions: 10, faults: 0 });
    expect(shadow).toMatchObject({
      action: 'stay',
      stage: 'shadow',
      reasons: ['10 of 1000 decisions in shadow'],
    });
    const canary: RolloutState = { stage: 'canary', share: 0.05 };
    expect(nextStep(canary, { decisions: 2000, faults: 0 }).reasons[0]).toContain('no live outcomes');
    expect(nextStep(canary, { ...FINE, lift: lift(-1, 1, 20) }).reasons[0]).toContain('20 of 300 visitors');
    expect(nextStep(canary, { ...FINE, lift: lift(-0.5, 1) }).reasons[0]).toContain('20 % is not excluded');
    const last: RolloutState = { stage: 'canary', share: 0.5 };
    expect(nextStep(last, { ...FINE, lift: lift(-0.05, 1) })).toMatchObject({ action: 'stay', share: 0.5 });
  });

  it('withdraws at any stage on losses, faults, slowness or broken guard-rails, and stays withdrawn', () => {
    const against: Partial<LiveEvidence>[] = [
      { lift: lift(-0.4, -0.01) },
      { faults: 200 },
      { p95Ms: 400 },
      { broken: ['parity of channel is 0.5'] },
    ];
    for (const stage of ['canary', 'full'] as const) {
      for (const live of against) {
        const step = nextStep({ stage, share: 0.2 }, { ...FINE, ...live });
        expect(step).toMatchObject({ action: 'withdraw', stage: 'withdrawn', share: 0 });
        expect(step.reasons).toHaveLength(1);
        expect(nextStep(step, FINE).action).toBe('stay');
      }
    }
  });

  it('hardly ever lets a harmful release out to all, and gets a good one there', () => {
    const runs = 40;
    const harmful = Array.from({ length: runs }, (_, seed) => rollOut(-0.15, seed));
    const good = Array.from({ length: runs }, (_, seed) => rollOut(0.15, seed));
    expect(harmful.filter(({ stage }) => stage === 'full').length / runs).toBeLessThanOrEqual(0.05);
    expect(harmful.filter(({ stage }) => stage === 'withdrawn').length / runs).toBeGreaterThan(0.7);
    expect(good.filter(({ stage }) => stage === 'full').length / runs).toBeGreaterThan(0.9);
    expect(good.filter(({ stage }) => stage === 'withdrawn').length / runs).toBeLessThanOrEqual(0.05);
  });

  it('does not mistake bad luck for faults, however often it looks', () => {
    let alarms = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = seeded(`faults/${seed}`);
      let [faults, alarmed] = [0, false];
      for (let n = 1; n <= 4000; n++) {
        if (random.next() < ROLLOUT.faultShare) faults++;
        if (n % 100 === 0) alarmed ||= isAbove(faults, n, ROLLOUT.faultShare);
      }
      if (alarmed) alarms++;
    }
    expect(alarms / 200).toBeLessThanOrEqual(0.05);
    expect(isAbove(40, 1000, ROLLOUT.faultShare)).toBe(true);
    expect(isAbove(0, 1000, ROLLOUT.faultShare)).toBe(false);
  });
});
