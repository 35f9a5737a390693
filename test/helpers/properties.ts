/**
 * Properties are checked on the same cases everywhere, so that a red build is about the change that it tests.
 * `PROPERTY_SEED=random npm run test:quick` looks for new counterexamples.
 */

import fc from 'fast-check';

const seed = process.env.PROPERTY_SEED ?? '20261121';

if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
