import { afterEach, describe, expect, it, vi } from 'vitest';
import { followed, type Holders, repository } from '../helpers/release-repository.ts';
import { signingKey } from '../helpers/signing.ts';

afterEach(() => vi.unstubAllGlobals());

/** Of one version: keys by number, their threshold, who signs. */
type Step = [keys: number[], threshold: number, signers: number[]];

const KEYS = Array.from({ length: 10 }, signingKey);
const of = (numbers: readonly number[]) => numbers.map((i) => KEYS[i]!);
const holdersOf = ([keys, threshold, signers]: Step): Holders => ({
  ...{ keys: of(keys), threshold, signers: of(signers) },
});

const FIVE = [0, 1, 2, 3, 4];

/** `root_rotation_cases` of the suite's test_updater_key_rotations.py. */
const GOOD: Record<string, Step[]> = {
  '1-of-1-key-rotation': [
    [[1], 1, [1]],
    [[2], 1, [2, 1]],
    [[2], 1, [2]],
  ],
  '1-of-1-key-rotation-unused-signatures': [
    [[1], 1, [3, 1, 4]],
    [[2], 1, [3, 2, 1, 4]],
    [[2], 1, [3, 2, 4]],
  ],
  '3-of-5-sign-with-different-keycombos': [
    [FIVE, 3, [0, 2, 4]],
    [FIVE, 3, [0, 4, 1]],
    [FIVE, 3, [0, 1, 3]],
    [FIVE, 3, [0, 1, 3]],
  ],
  '3-of-5-one-key-rotated': [
    [FIVE, 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 1]],
  ],
  '3-of-5-one-key-rotated-with-intermediate-step': [
    [FIVE, 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 2, 4, 5]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 5]],
  ],
  '3-of-5-all-keys-rotated-with-intermediate-step': [
    [FIVE, 3, [0, 2, 4]],
    [[5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]],
    [[5, 6, 7, 8, 9], 3, [5, 6, 7]],
  ],
  '1-of-3-threshold-increase-to-2-of-3': [
    [[1, 2, 3], 1, [1]],
    [[1, 2, 3], 2, [1, 2]],
  ],
  '2-of-3-threshold-decrease-to-1-of-3': [
    [[1, 2, 3], 2, [1, 2]],
    [[1, 2, 3], 1, [1, 2]],
    [[1, 2, 3], 1, [1]],
  ],
  '1-of-2-threshold-increase-to-2-of-2': [
    [[1], 1, [1]],
    [[1, 2], 2, [1, 2]],
  ],
};

const BAD: Record<string, Step[]> = {
  '1-of-1-key-rotation-fail-not-signed-with-old-key': [
    [[1], 1, [1]],
    [[2], 1, [2, 3, 4]],
  ],
  '1-of-1-key-rotation-fail-not-signed-with-new-key': [
    [[1], 1, [1]],
    [[2], 1, [1, 3, 4]],
  ],
  '3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys': [
    [FIVE, 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 2, 4]],
  ],
  '3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys': [
    [FIVE, 3, [0, 2, 4]],
    [[0, 1, 3, 4, 5], 3, [0, 4, 5]],
  ],
  '1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached': [
    [[1, 2, 3], 1, [1]],
    [[1, 2, 3], 2, [2]],
  ],
  '2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-eached': [
    [[1, 2, 3], 2, [1, 2]],
    [[1, 2, 3], 1, [1]],
  ],
};

describe('test_root_rotation: a chain of roots', () => {
  it.each(Object.entries(GOOD))('%s is followed, in one go and step by step', async (_, [first, ...rest]) => {
    const { repo, device } = await repository({ root: holdersOf(first!) });
    const always = device();
    expect(await always.refresh()).toBeUndefined();
    for (const step of rest) {
      Object.assign(repo.root, holdersOf(step));
      await repo.publishRoot();
      await repo.publish();
      expect(await always.refresh()).toBeUndefined();
    }
    const late = device();
    expect(await late.refresh()).toBeUndefined();
    for (const { trusted } of [always, late])
      expect(await trusted()).toMatchObject({ root: rest.length + 1, release: rest.length + 1 });
  });

  it.each(Object.entries(BAD))('%s is refused, and the root before it stays', async (_, [first, last]) => {
    const { repo, device } = await repository({ root: holdersOf(first!) });
    const one = device();
    expect(await one.refresh()).toBeUndefined();
    Object.assign(repo.root, holdersOf(last!));
    await repo.publishRoot();
    await repo.publish();
    expect(await one.refresh()).toContain('expected valid signatures');
    expect(await one.trusted()).toMatchObject({ root: 1, release: 1 });
    expect(await device().refresh()).toBeDefined();
  });
});

/** `non_root_rotation_cases`. */
const RELEASES: [name: string, step: Step, taken: boolean][] = [
  ['1-of-1-key-rotation', [[2], 1, [2]], true],
  ['1-of-1-key-rotation-unused-signatures', [[1], 1, [3, 1, 4]], true],
  ['1-of-1-key-rotation-fail-not-signed-with-new-key', [[2], 1, [1, 3, 4]], false],
  ['3-of-5-one-key-signature-wrong-not-signed-with-3-expected-keys', [[0, 1, 3, 4, 5], 3, [0, 2, 4]], false],
  ['2-of-5-one-key-signature-mising-threshold-not-reached', [[0, 1, 3, 4, 5], 3, [0, 4]], false],
  ['3-of-5-sign-first-combo', [FIVE, 3, [0, 2, 4]], true],
  ['3-of-5-sign-second-combo', [FIVE, 3, [0, 4, 1]], true],
  ['3-of-5-sign-third-combo', [FIVE, 3, [0, 1, 3]], true],
  ['3-of-5-sign-fourth-combo', [FIVE, 3, [1, 2, 3]], true],
  ['3-of-5-sign-fifth-combo', [FIVE, 3, [2, 3, 4]], true],
];

describe('test_non_root_rotations: the release keys that a root names', () => {
  it.each(RELEASES)('%s', async (_, step, taken) => {
    const { repo, one } = await followed();
    Object.assign(repo.release, holdersOf(step));
    await repo.publishRoot();
    await repo.publish();
    expect((await one.refresh()) === undefined).toBe(taken);
    expect(await one.trusted()).toMatchObject({ root: 2, release: taken ? 2 : 1 });
  });
});
