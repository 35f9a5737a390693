/** Release keys: Ed25519. The private half signs manifests and never leaves its file; the public half is pinned in shops' pages. */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';

export interface ReleaseKey {
  name: string;
  /** SHA-256 of the public key's 32 bytes, hex: what signatures name. */
  id: string;
  /** 32 bytes, hex: what `data-key` and `init({ keys })` take. */
  publicKey: string;
  privateKey: KeyObject;
}

export type PublicKey = Omit<ReleaseKey, 'privateKey'>;

/** The key that `publish` uses unless another is named. */
export const DEFAULT_KEY = 'release';

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Makes a key pair: `NAME.key` (PKCS #8 PEM, readable by its owner alone) and `NAME.pub` (hex).
 * @throws BadInput where the key exists: a lost private key cannot be made again
 */
export function createKey(dir: string, name: string = DEFAULT_KEY): ReleaseKey {
  if (!NAME.test(name)) throw new BadInput({ field: 'name' }, 'a name of a-z, 0-9 and -', name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const path = join(dir, `${name}.key`);
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new BadInput({ file: path }, 'no key of this name yet', 'one', 'Choose another name');
  }
  writeSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  closeSync(file);
  const key = withPublic(name, privateKey);
  writeFileSync(join(dir, `${name}.pub`), `${key.publicKey}\n`);
  return key;
}

/** @throws BadInput where there is none, it is no Ed25519 key, or others may read it */
export function loadKey(path: string): ReleaseKey {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new BadInput(
      { file: path },
      'a private key file',
      'nothing there',
      'promo-edge keys create makes one',
    );
  }
  const mode = statSync(path).mode & 0o077;
  if (mode !== 0 && process.platform !== 'win32') {
    const found = `mode ${(statSync(path).mode & 0o777).toString(8)}`;
    throw new BadInput(
      { file: path },
      'a private key that its owner alone may read',
      found,
      `chmod 600 ${path}`,
    );
  }
  const name = path.replace(/^.*\//, '').replace(/\.key$/, '');
  return withPublic(name, privateKeyOf(text, path));
}

/** The keys in a folder, by name; their private halves stay closed. */
export function listKeys(dir: string): PublicKey[] {
  let names: string[];
  try {
    names = readdirSync(dir).filter((name) => name.endsWith('.pub'));
  } catch {
    return [];
  }
  return names.sort().map((file) => {
    const publicKey = readFileSync(join(dir, file), 'utf8').trim();
    if (!/^[0-9a-f]{64}$/.test(publicKey)) {
      throw new BadInput({ file: join(dir, file) }, '32 bytes of public key in hex', 'something else');
    }
    return { name: file.slice(0, -'.pub'.length), id: keyId(Buffer.from(publicKey, 'hex')), publicKey };
  });
}

function privateKeyOf(text: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new BadInput({ file: path }, 'an Ed25519 key', `a ${key.asymmetricKeyType} key`);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput({ file: path }, 'a private key in PEM (PKCS #8)', 'something else');
  }
}

function withPublic(name: string, privateKey: KeyObject): ReleaseKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  // SPKI of Ed25519 is a fixed header and the 32 bytes (RFC 8410, 4).
  const raw = spki.subarray(spki.length - 32);
  return { name, id: keyId(raw), publicKey: raw.toString('hex'), privateKey };
}

const keyId = (raw: Uint8Array): string => createHash('sha256').update(raw).digest('hex');
