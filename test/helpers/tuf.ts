/** The same roots and manifests in TUF's own format, for tuf-js to judge: an oracle that shares no code with ours. */

import { sign } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import { keyIdOf } from '../../shared/trust-signatures.ts';
import { nodeVerifier, type SigningKey } from './signing.ts';

interface TufRole {
  keys: readonly SigningKey[];
  threshold: number;
}

export interface TufRoot {
  version: number;
  /** Epoch ms, whole seconds. */
  expires: number;
  root: TufRole;
  release: TufRole;
}

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const idOf = ({ publicKey }: SigningKey): Promise<string> => keyIdOf(publicKey, nodeVerifier);

async function document(signed: object, signers: readonly SigningKey[]): Promise<Buffer> {
  // The key order and spacing of OLPC's canonical JSON, which TUF signs, are ours for ASCII and whole numbers.
  const message = Buffer.from(canonicalJson(signed));
  // TUF refuses a document with two signatures of one key; ours counts them once. Once each, the two must agree.
  const signatures = [...new Set(signers)].map(async (key) => ({
    keyid: await idOf(key),
    sig: sign(null, message, key.privateKey).toString('hex'),
  }));
  return Buffer.from(JSON.stringify({ signed, signatures: await Promise.all(signatures) }));
}

export async function tufRoot({ version, expires, root, release }: TufRoot, signers: readonly SigningKey[]) {
  const keys: Record<string, object> = {};
  for (const key of [...root.keys, ...release.keys])
    keys[await idOf(key)] = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: key.publicKey } };
  const role = async ({ keys: of, threshold }: TufRole) => ({
    keyids: [...new Set(await Promise.all(of.map(idOf)))],
    threshold,
  });
  const online = await role(release);
  return document(
    {
      ...{ _type: 'root', spec_version: '1.0.31', version, expires: isoSeconds(expires) },
      ...{ keys, consistent_snapshot: true },
      roles: { root: await role(root), timestamp: online, snapshot: online, targets: online },
    },
    signers,
  );
}

/** Our manifest is what TUF splits into timestamp, snapshot and targets; its timestamp is the part that expires first. */
export const tufTimestamp = (version: number, expires: number, signers: readonly SigningKey[]) =>
  document(
    {
      ...{ _type: 'timestamp', spec_version: '1.0.31', version, expires: isoSeconds(expires) },
      meta: { 'snapshot.json': { version: 1 } },
    },
    signers,
  );
