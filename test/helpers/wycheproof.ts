/** Project Wycheproof's Ed25519 vectors (https://github.com/C2SP/wycheproof), where the data folder has them. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = process.env.PROMO_EDGE_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** Hex throughout. */
export interface Vector {
  id: number;
  comment: string;
  publicKey: string;
  message: string;
  signature: string;
  valid: boolean;
}

interface File {
  numberOfTests: number;
  testGroups: {
    publicKey: { pk: string };
    tests: { tcId: number; comment: string; msg: string; sig: string; result: 'valid' | 'invalid' }[];
  }[];
}

/** Undefined where the folder lacks them. */
export function wycheproof(): Vector[] | undefined {
  const file = join(DATA, 'wycheproof', 'ed25519.json');
  if (!existsSync(file)) return undefined;
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(file, 'utf8')) as File;
  const vectors = testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      ...{ id: tcId, comment, publicKey: publicKey.pk, message: msg, signature: sig },
      valid: result === 'valid',
    })),
  );
  if (vectors.length !== numberOfTests) throw new Error(`${file}: expected ${numberOfTests} vectors`);
  return vectors;
}
