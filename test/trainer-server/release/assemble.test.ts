import { describe, expect, it } from 'vitest';
import type { FirstMeta } from '../../../shared/bundle.ts';
import { EXPLORATION } from '../../../shared/choose.ts';
import { decisionModelOf } from '../../../shared/decision-model.ts';
import { Q_HEAD } from '../../../shared/models/q-head.ts';
import { assemble, type Trained } from '../../../trainer-server/release/assemble.ts';
import { ADAPTING } from '../../helpers/bundle-fixture.ts';
import { SPEC } from '../../helpers/policy.ts';

const products = { sku: [], price: [], category: [], brand: [], categories: [], brands: [] };

/** What first.json says of a policy that was trained without encoders. */
function firstOf(adaptation: Pick<FirstMeta, 'adaptation'>): FirstMeta {
  const empty = new Uint8Array(0);
  const policy: NonNullable<Trained['policy']> = {
    meta: {
      features: SPEC,
      head: { sessionWidth: 0, contextWidth: 1, actionWidth: 1, ...Q_HEAD },
      budgetCost: {},
      exploration: EXPLORATION,
    },
    tensors: {},
    onnx: empty,
    full: { tensors: {}, onnx: empty },
    report: {},
    budgetScale: 1,
    ...adaptation,
  };
  const draft = assemble(
    {
      shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: [] },
      promotions: [],
      spec: SPEC,
      encoders: { files: [], firstTensors: {}, first: { products }, parts: [], trainer: {} },
      policy,
    },
    0,
  );
  const { bytes } = draft.files.find(({ role }) => role === 'first-meta')!;
  return JSON.parse(new TextDecoder().decode(bytes));
}

describe('a release', () => {
  it('says how devices learn on, and how far that may move a value, where training found that it pays', () => {
    const first = firstOf({ adaptation: ADAPTING });
    expect(first.adaptation).toEqual(ADAPTING);
    expect(decisionModelOf(first, products, { budgetPrice: 0 }).ownBound).toBe(ADAPTING.bound);
  });

  it('leaves devices as they are where it did not', () => {
    const first = firstOf({});
    expect(first).not.toHaveProperty('adaptation');
    expect(decisionModelOf(first, products, { budgetPrice: 0 })).not.toHaveProperty('ownBound');
  });
});
