/** `keys`: the Ed25519 keys that sign releases, and the root that says which they are. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import type { KeySet, SignedRoot } from '../../shared/root.ts';
import { createKey, DEFAULT_KEY, listKeys, loadKey } from '../release/keys.ts';
import { adoptRoot, draftRoot, ROOT, readRoot, signRoot } from '../release/root.ts';
import { openStore } from '../store/store.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, needed, numberOption, siteOption } from './options.ts';

export const command: Command = {
  name: 'keys',
  summary: 'make and show the keys that sign releases, and the root above them',
  help: `
promo-edge keys create [NAME] --db DIR   makes DIR/keys/NAME.key (private, mode 600) and NAME.pub
promo-edge keys list --db DIR            name, key id and public key of each
promo-edge keys show [NAME] --db DIR     the public key alone: what data-key and init({ keys }) take

NAME is ${DEFAULT_KEY} where absent. One key, pinned by the pages, is the simple set-up. The full one pins offline root
keys instead, which name the release key and can replace it, and themselves:

promo-edge keys root FILE --root-keys KEYS --release-keys KEYS [--root-threshold N] [--release-threshold N]
promo-edge keys root FILE --from FILE [--root-keys ...]   the next root: what is not named stays (rotation)
promo-edge keys sign FILE --key FILE                      adds a key holder's signature; needs no database
promo-edge keys adopt FILE --db DIR [--site NAME]         makes it the site's root; then publish --renew
promo-edge keys roots --db DIR [--site NAME]              the chain so far

  KEYS                   public keys in hex or .pub files, with commas
  --root-threshold N     how many of the root keys must sign the next root; 1 where absent
  --release-threshold N  how many of the release keys must sign a manifest; 1 where absent
  --expires DAYS         until when devices believe the root; ${ROOT.expiresDays} where absent

A root is signed by the threshold of the one before it and by its own. The first one by the keys that the pages pin.
`,
  options: {
    ...DB_OPTIONS,
    site: { type: 'string' },
    key: { type: 'string' },
    from: { type: 'string' },
    expires: { type: 'string' },
    'root-keys': { type: 'string' },
    'root-threshold': { type: 'string' },
    'release-keys': { type: 'string' },
    'release-threshold': { type: 'string' },
  },
  async run(values, [verb, subject], io) {
    const act = verb !== undefined && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (act === undefined)
      throw new BadInput({ field: 'VERB' }, Object.keys(VERBS).join(', '), verb ?? 'nothing');
    await act(values, subject, io);
    return 0;
  },
};

type Act = (values: OptionValues, subject: string | undefined, io: Io) => void | Promise<void>;

const VERBS: Readonly<Record<string, Act>> = {
  create(values, name = DEFAULT_KEY, io) {
    const key = createKey(join(dbOption(values), 'keys'), name);
    io.out(`${key.name}  ${key.id}  ${key.publicKey}`);
  },
  list(values, _subject, io) {
    for (const key of listKeys(join(dbOption(values), 'keys')))
      io.out(`${key.name}  ${key.id}  ${key.publicKey}`);
  },
  show(values, name = DEFAULT_KEY, io) {
    const dir = join(dbOption(values), 'keys');
    const key = listKeys(dir).find((entry) => entry.name === name);
    if (key === undefined)
      throw new BadInput({ file: dir }, `a key named ${name}`, 'none', 'promo-edge keys create');
    io.out(key.publicKey);
  },
  root(values, file, io) {
    const path = named(file);
    if (existsSync(path)) throw new BadInput({ file: path }, 'a new file', 'one that is there already');
    const expiresDays = numberOption(values, 'expires', { fallback: ROOT.expiresDays, min: 1, max: 7300 });
    const previous = typeof values.from === 'string' ? rootIn(values.from) : undefined;
    const change = {
      root: keySet(values, 'root'),
      release: keySet(values, 'release'),
      expiresDays,
      now: io.now(),
    };
    save(path, draftRoot(change, previous?.signed), io);
  },
  sign(values, file, io) {
    const path = named(file);
    const key = loadKey(needed(values, 'key', 'the private key to sign with'));
    save(path, signRoot(rootIn(path), key), io);
  },
  async adopt(values, file, io) {
    const document = rootIn(named(file));
    const dir = dbOption(values);
    const site = siteOption(values);
    const store = openStore(dir);
    try {
      await adoptRoot(document, { store, site, now: io.now() });
      io.out(`site ${site} has ${described(document)}`);
      io.progress.say('devices hear of it with the next manifest: promo-edge publish --renew');
    } finally {
      store.close();
    }
  },
  roots(values, _subject, io) {
    const store = openStore(dbOption(values));
    try {
      for (const document of store.roots.list(siteOption(values))) io.out(described(document));
    } finally {
      store.close();
    }
  },
};

function named(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new BadInput({ field: 'FILE' }, 'the file of a root document', 'nothing');
}

function rootIn(path: string): SignedRoot {
  if (!existsSync(path)) throw new BadInput({ file: path }, 'a root document', 'nothing there');
  return readRoot(readFileSync(path, 'utf8'), path);
}

function save(path: string, document: SignedRoot, io: Io): void {
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
  io.out(described(document));
}

function described({ signed, signatures }: SignedRoot): string {
  const of = ({ keys, threshold }: KeySet): string => `${threshold} of ${keys.length}`;
  const until = new Date(signed.expires).toISOString().slice(0, 10);
  return `root ${signed.version}, until ${until}: next root by ${of(signed.root)} keys, manifests by ${of(signed.release)}; ${signatures.length} signatures`;
}

/** What the options name of one of the two key sets. */
function keySet(values: OptionValues, of: 'root' | 'release'): Partial<KeySet> {
  const keys = values[`${of}-keys`];
  const threshold = numberOption(values, `${of}-threshold`, { fallback: 0, min: 1, max: 16, integer: true });
  return {
    ...(typeof keys === 'string' ? { keys: keys.split(',').map(publicKeyOf) } : {}),
    ...(threshold === 0 ? {} : { threshold }),
  };
}

function publicKeyOf(text: string): string {
  const given = text.trim();
  const key = given.endsWith('.pub') && existsSync(given) ? readFileSync(given, 'utf8').trim() : given;
  if (/^[0-9a-f]{64}$/.test(key)) return key;
  throw new BadInput({ field: 'KEYS' }, '64 hex digits or a .pub file', given);
}
