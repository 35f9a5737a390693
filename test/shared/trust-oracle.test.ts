import fc from 'fast-check';
import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../shared/manifest.ts';
import { authenticate, requireCurrent, type Seen } from '../../shared/trust.ts';
import { nextRoot, type TrustedRoot, within } from '../../shared/trust-root.ts';
import { keySet, signRoot } from '../helpers/roots.ts';
import { nodeVerifier, type SigningKey, signingKey, signManifest } from '../helpers/signing.ts';
import { tufRoot, tufTimestamp } from '../helpers/tuf.ts';

afterEach(() => vi.useRealTimers());

const KEYS = Array.from({ length: 5 }, signingKey);
const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** A few of the keys, by number; never none where `least` is 1. */
const some = (least: number) => fc.uniqueArray(fc.nat(KEYS.length - 1), { minLength: least, maxLength: 4 });
const role = fc.record({ keys: some(1), threshold: fc.integer({ min: 1, max: 3 }) });
const expires = fc.constantFrom(NOW - HOUR, NOW, NOW + 1000, NOW + HOUR);
const roots = fc.array(
  fc.record({
    // Mostly the next one; sometimes the same again, one left out, or one back.
    step: fc.constantFrom(1, 1, 1, 1, 0, 2, -1),
    root: role,
    release: role,
    signers: some(0),
    /** Everyone who must sign does: otherwise chains would end at their first step. */
    complete: fc.boolean(),
    expires,
  }),
  { minLength: 1, maxLength: 4 },
);
const manifests = fc.array(
  fc.record({ version: fc.integer({ min: 1, max: 4 }), signers: some(0), complete: fc.boolean(), expires }),
  { minLength: 1, maxLength: 4 },
);

type Case<T> = T extends fc.Arbitrary<infer V> ? V : never;
const of = (numbers: readonly number[]): SigningKey[] => numbers.map((i) => KEYS[i]!);
const roleOf = ({ keys, threshold }: Case<typeof role>) => ({ keys: of(keys), threshold });

const accepts = async (judge: () => unknown): Promise<boolean> => {
  try {
    await judge();
    return true;
  } catch {
    return false;
  }
};

/** Both sides start from the same first root, of which every key signed. */
async function begin(first: { root: Case<typeof role>; release: Case<typeof role>; expires: number }) {
  const root = { ...roleOf(first.root), threshold: Math.min(first.root.threshold, first.root.keys.length) };
  const start = { version: 1, expires: first.expires, root, release: roleOf(first.release) };
  const text = await tufRoot(start, root.keys);
  const ours: TrustedRoot = {
    version: 1,
    expires: first.expires,
    root: keySet(root.keys, root.threshold),
    release: keySet(start.release.keys, start.release.threshold),
  };
  return { text, ours };
}

describe('roots, judged by tuf-js too', () => {
  it('are taken and refused alike: thresholds, old and new signers, skipped versions', async () => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.record({ root: role, release: role, expires }), roots, async (first, chain) => {
        const { text, ours: one } = await begin(first);
        const oracle = new TrustedMetadataStore(text);
        let ours = one;
        let holders = of(first.root.keys);
        for (const each of chain) {
          const version = ours.version + each.step;
          const [root, release] = [roleOf(each.root), roleOf(each.release)];
          const signers = each.complete ? [...new Set([...holders, ...root.keys])] : of(each.signers);
          const theirs = await tufRoot({ version, expires: each.expires, root, release }, signers);
          const document = await signRoot({
            ...{ version, expires: each.expires, signers },
            root: keySet(root.keys, root.threshold),
            release: keySet(release.keys, release.threshold),
          });
          const verdict = await accepts(() => oracle.updateRoot(theirs));
          expect(
            await accepts(async () => {
              ours = await nextRoot(document, ours, nodeVerifier);
            }),
          ).toBe(verdict);
          if (verdict) [holders, taken] = [root.keys, taken + 1];
          else refused++;
        }
      }),
      { numRuns: 150 },
    );
    // Neither side may have been asked one kind of question alone.
    expect(Math.min(taken, refused)).toBeGreaterThan(50);
  });
});

const draft = (version: number, until: number): Manifest => ({
  ...{ format: 1, version, featureVersion: 1, created: NOW, expires: until, mode: 'on', canaryShare: 1 },
  ...{ budgetPrice: 0, files: [], parts: [], parity: {} },
});

describe('manifests, judged by tuf-js too', () => {
  it('are taken and refused alike: thresholds, rollback, expiry of the manifest and of the root', async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ root: role, release: role, expires }),
        manifests,
        async (first, offers) => {
          const { ours, text } = await begin(first);
          let seen: Seen | undefined;
          let kept: Buffer | undefined;
          for (const { version, signers, complete, expires: until } of offers) {
            // TUF then keeps the document it has; to us it is the same manifest again. Nothing to compare.
            if (seen?.version === version) continue;
            const by = complete ? of(first.release.keys) : of(signers);
            const theirs = await tufTimestamp(version, until, by);
            const envelope = await signManifest(draft(version, until), by);
            // As TUF's client does each time: from the root, over what it kept, to what is offered.
            const oracle = new TrustedMetadataStore(text);
            if (kept !== undefined) oracle.updateTimestamp(kept);
            const verdict = await accepts(() => oracle.updateTimestamp(theirs));
            if (verdict) kept = theirs;
            const mine = await accepts(async () => {
              const authentic = within(ours, await authenticate(envelope, ours.release, nodeVerifier));
              const trust = { root: ours.release, seen, featureVersion: 1, now: NOW };
              await requireCurrent(authentic, trust, nodeVerifier);
              seen = { version, created: NOW, signers: authentic.signers };
            });
            expect(mine).toBe(verdict);
            if (mine) taken++;
            else refused++;
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(30);
  });
});
