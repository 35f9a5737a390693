import { describe, expect, it } from 'vitest';
import type { SignedRoot } from '../../shared/root.ts';
import { followRoots, pinnedRoot, type TrustedRoot } from '../../shared/trust-root.ts';
import { keySet, rotation, signRoot } from '../helpers/roots.ts';
import { nodeVerifier, signingKey } from '../helpers/signing.ts';

const { rootKeys, releaseKeys, documents } = await rotation(5);
const pin = pinnedRoot(keySet(rootKeys[0]!, 2));

/** Follows a chain as a device would that is offered `served`; undefined: the server has none of that version. */
async function follow(from: TrustedRoot, to: number, served: (SignedRoot | undefined)[] = documents) {
  const asked: number[] = [];
  const found = await followRoots(
    from,
    to,
    async (version) => {
      asked.push(version);
      const document = served.find((entry) => entry?.signed.version === version);
      if (document === undefined) throw new Error(`root ${version}: 404`);
      return document;
    },
    nodeVerifier,
  );
  return { ...found, asked };
}

const refusal = (...args: Parameters<typeof follow>): Promise<string> =>
  follow(...args).then(
    () => 'trusted',
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

describe('safety 4: the root rotates from 1 to 5', () => {
  it('is followed from the pinned keys to the release key of the fifth root, which shares no root key with them', async () => {
    const { root, steps } = await follow(pin, 5);
    expect(root.version).toBe(5);
    expect(root.release.keys).toEqual([releaseKeys[5]!.publicKey]);
    expect(steps[0]!.signed.version).toBe(1);
    const pinned = new Set(pin.root.keys);
    expect(root.root.keys.filter((key) => pinned.has(key))).toEqual([]);
  });

  it('is followed from every root on the way, asking only for what is missing', async () => {
    for (let version = 1; version < 5; version++) {
      const { root } = await follow(pin, version);
      const { root: last, asked } = await follow(root, 5);
      expect(last.version).toBe(5);
      expect(asked.sort()).toEqual([2, 3, 4, 5].filter((step) => step > version));
    }
  });

  it('takes the newest root that the pinned keys signed as its first step', async () => {
    const pinOfThree = pinnedRoot(keySet(rootKeys[3]!, 2));
    expect((await follow(pinOfThree, 5)).asked).toEqual([5, 4]);
  });

  it('stops where any one step is missing, whichever it is', async () => {
    for (const missing of [1, 2, 3, 4, 5]) {
      const served = documents.filter(({ signed }) => signed.version !== missing);
      const { root: one } = missing === 1 ? { root: pin } : await follow(pin, 1);
      expect(await refusal(one, 5, served)).toBe(`root ${missing}: 404`);
    }
  });

  it('refuses a step signed by the old keys alone, by the new ones alone, or by too few of either', async () => {
    const { root: two } = await follow(pin, 2);
    const fresh = [signingKey(), signingKey()];
    const step = { version: 3, root: keySet(fresh, 2), release: keySet([signingKey()]) };
    const [a, b] = rootKeys[2]!;
    for (const signers of [[a!, b!], fresh, [a!, ...fresh], [a!, b!, fresh[0]!], []]) {
      expect(await refusal(two, 3, [await signRoot({ ...step, signers })])).toBe('signature');
    }
    expect(await refusal(two, 3, [await signRoot({ ...step, signers: [a!, b!, ...fresh] })])).toBe('trusted');
  });

  it('refuses a step that leaves one out, although the keys before it signed it', async () => {
    const { root: two } = await follow(pin, 2);
    const [a, b] = rootKeys[2]!;
    const leap = await signRoot({
      version: 4,
      root: keySet([a!, b!], 2),
      release: keySet([a!]),
      signers: [a!, b!],
    });
    // Served as 3 and as 4.
    expect(await refusal(two, 4, [leap])).toContain('404');
    const posing = followRoots(two, 3, async () => leap, nodeVerifier);
    await expect(posing).rejects.toMatchObject({ code: 'rollback' });
  });

  it('refuses to go back to an older root', async () => {
    const { root: four } = await follow(pin, 4);
    expect(await refusal(four, 3)).toBe('rollback');
    expect(await refusal(four, 0)).toBe('rollback');
    expect(await refusal(four, 4.5)).toBe('rollback');
  });

  it('refuses a root signed by keys that a later root has revoked', async () => {
    const { root: five } = await follow(pin, 5);
    // The three holders of the first days, two of whom the pin still names.
    const thieves = rootKeys[0]!;
    const forged = await signRoot({
      version: 6,
      root: keySet(thieves, 2),
      release: keySet(thieves, 1),
      signers: thieves,
    });
    expect(await refusal(five, 6, [forged])).toBe('signature');
  });

  it('gives up on an endless chain', async () => {
    let asked = 0;
    const endless = followRoots(
      pin,
      1_000_000,
      async () => {
        asked++;
        return documents[4];
      },
      nodeVerifier,
    );
    await expect(endless).rejects.toMatchObject({ code: 'rollback' });
    expect(asked).toBeLessThanOrEqual(32);
  });
});
