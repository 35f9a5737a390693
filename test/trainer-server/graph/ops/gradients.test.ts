import { describe, expect, it } from 'vitest';
import * as ops from '../../../../trainer-server/graph/ops/all.ts';
import { differentiate, worstDifference } from '../../../helpers/differentiate.ts';
import { OPERATOR_CASES, WITHOUT_GRADIENT } from '../../../helpers/operator-cases.ts';

describe('the gradient of every operator', () => {
  it('has a case here', () => {
    const covered = new Set([
      ...Object.keys(OPERATOR_CASES).map((name) => name.split(' ')[0]),
      ...WITHOUT_GRADIENT,
    ]);
    expect(Object.keys(ops).filter((name) => !covered.has(name))).toEqual([]);
  });

  for (const target of ['cpu', 'portable'] as const) {
    for (const [name, each] of Object.entries(OPERATOR_CASES)) {
      it(`equals central differences: ${name}, ${target} operators`, async () => {
        const f = await differentiate(each, target);
        expect(await worstDifference(f)).toBeLessThan(2e-3);
        await f.close();
      });
    }
  }
});
