import { describe, expect, it } from 'vitest';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { foldsOf } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { learnResponses } from '../../../trainer-server/policy/responses.ts';
import { trial } from '../../helpers/trials.ts';

const dataOf = (seed: number) => {
  const dataset = trial({ count: 400, seed });
  return preparePolicyData(dataset, fitSpec(dataset)).data;
};

function memory() {
  const saved = new Map<string, Uint8Array>();
  return {
    saved,
    load: async (name: string) => saved.get(name),
    save: async (name: string, bytes: Uint8Array) => void saved.set(name, bytes),
  };
}

describe('responses that a killed run has learned', () => {
  it('are taken up as they were, and learned anew for another log', async () => {
    const checkpoints = memory();
    const learn = (seed: number, into = checkpoints) => {
      const data = dataOf(seed);
      return learnResponses(data, foldsOf(data, 2), 2, data.propensity, undefined, into, {
        late: () => false,
        say: () => undefined,
      });
    };
    const first = await learn(1);
    const bytes = [...checkpoints.saved.values()][0]!;
    // A value that no fit would give shows that it was read and not learned again.
    bytes.fill(0, bytes.length - 4);
    const again = await learn(1);
    expect(again.responses.mean.reward.at(-1)).toBe(0);
    expect(again.responses.mean.reward.slice(0, -1)).toEqual(first.responses.mean.reward.slice(0, -1));
    const other = await learn(2);
    expect(other).toEqual(await learn(2, memory()));
    expect(other.responses.mean.reward).not.toEqual(first.responses.mean.reward);
  });
});
