import type { BundleDraft } from '../../trainer-server/release/bundle.ts';

/** What a manifest says of a bundle in which nothing was trained. */
export const MANIFEST: BundleDraft['manifest'] = {
  version: 1,
  created: 0,
  expires: 1,
  mode: 'on',
  canaryShare: 1,
  budgetPrice: 0,
  parts: [],
  parity: {},
};
