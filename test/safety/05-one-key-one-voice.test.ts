import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../shared/hex.ts';
import { nextRoot, pinnedRoot } from '../../shared/trust-root.ts';
import { keyIdOf, requireSignatures, type Signed } from '../../shared/trust-signatures.ts';
import { keySet, signRoot } from '../helpers/roots.ts';
import { nodeVerifier, signDocument, signingKey } from '../helpers/signing.ts';

const [alice, bob, eve] = [signingKey(), signingKey(), signingKey()];
const document = { hello: 'world' };

const agreed = (envelope: Signed, keys: string[], threshold: number): Promise<number | string> =>
  requireSignatures(envelope, { keys, threshold }, nodeVerifier, 'document').then(
    (ids) => ids.length,
    (error) => error.code,
  );

describe('safety 5: a key is one voice', () => {
  it('counts a key once that signed twice, in any order', async () => {
    const keys = [alice.publicKey, bob.publicKey];
    for (const signers of [
      [alice, alice],
      [alice, alice, alice],
      [alice, eve, alice],
    ])
      expect(await agreed(await signDocument(document, signers), keys, 2)).toBe('signature');
    expect(await agreed(await signDocument(document, [alice, alice, bob]), keys, 2)).toBe(2);
  });

  it('counts a key once that is listed twice', async () => {
    const twice = [alice.publicKey, alice.publicKey];
    expect(await agreed(await signDocument(document, [alice]), twice, 2)).toBe('signature');
    expect(await agreed(await signDocument(document, [alice, alice]), twice, 2)).toBe('signature');
    const root = { keys: twice, threshold: 2 };
    const forged = await signRoot({ version: 1, root, release: root, signers: [alice, alice] });
    await expect(nextRoot(forged, pinnedRoot(root), nodeVerifier)).rejects.toMatchObject({
      code: 'signature',
    });
  });

  it('lets a wrong signature beside a right one of the same key neither count nor spoil', async () => {
    const { signatures } = await signDocument(document, [alice]);
    const right = signatures[0]!;
    const bytes = fromHex(right.signature);
    bytes[3]! ^= 1;
    const wrong = { ...right, signature: toHex(bytes) };
    for (const order of [
      [right, wrong],
      [wrong, right],
    ]) {
      expect(await agreed({ signed: document, signatures: order }, [alice.publicKey], 1)).toBe(1);
      expect(await agreed({ signed: document, signatures: order }, [alice.publicKey, bob.publicKey], 2)).toBe(
        'signature',
      );
    }
  });

  it('does not let a key speak under the id of another', async () => {
    const { signatures } = await signDocument(document, [eve]);
    const posing = {
      keyId: await keyIdOf(alice.publicKey, nodeVerifier),
      signature: signatures[0]!.signature,
    };
    const envelope = { signed: document, signatures: [posing] };
    expect(await agreed(envelope, [alice.publicKey], 1)).toBe('signature');
    expect(await agreed(envelope, [alice.publicKey, eve.publicKey], 1)).toBe('signature');
  });

  it('asks for at least one, whatever the threshold says', async () => {
    const nobody = { signed: document, signatures: [] };
    for (const threshold of [0, -1, Number.NaN])
      expect(await agreed(nobody, keySet([alice]).keys, threshold)).toBe('signature');
  });
});
