/** `publish`: a bundle becomes what a site's shoppers run. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, show } from '../../shared/errors.ts';
import type { SignedManifest } from '../../shared/manifest.ts';
import { EDITORS } from '../access/roles.ts';
import { openBundle } from '../release/bundle.ts';
import { createKey, DEFAULT_KEY, loadKey, type ReleaseKey } from '../release/keys.ts';
import { PUBLISHING, type PublishOptions, publishBundle, republish } from '../release/publish.ts';
import type { Release } from '../store/releases.ts';
import { openStore } from '../store/store.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, needed, numberOption, siteOption } from './options.ts';
import { tokenHolder } from './token-holder.ts';

/** What `publish` and `rollback` share. */
export const SIGNING_OPTIONS = {
  ...DB_OPTIONS,
  site: { type: 'string' },
  key: { type: 'string' },
  canary: { type: 'string' },
  expires: { type: 'string' },
} as const;

export const SIGNING_HELP = `
  --db DIR        the folder of database and keys
  --site NAME     ${PUBLISHING.site} where absent
  --key FILE      the private key, or several with commas; DIR/keys/${DEFAULT_KEY}.key where absent, made at the
                  first publication
  --canary SHARE  share of devices that take it, 0 to 1; ${PUBLISHING.canaryShare} where absent (renewals keep theirs)
  --expires DAYS  until when devices believe it; ${PUBLISHING.expiresDays} where absent`;

const AGAIN = ['off', 'renew', 'promote', 'withdraw'] as const;

export const command: Command = {
  name: 'publish',
  summary: 'sign a bundle and make it what shoppers run',
  help: `
promo-edge publish --bundle BUNDLE --db DIR [--site NAME] [--key FILE] [--canary SHARE] [--expires DAYS]
  [--coupon-budget AMOUNT] [--pace-until DATE]
promo-edge publish --renew --db DIR ...    the running release again, with a fresh expiry
promo-edge publish --off --db DIR ...      the kill switch: no device decides until the next publication
promo-edge publish --promote --db DIR ...  the running canary to everyone
promo-edge publish --withdraw --db DIR ... the release from before the canary to everyone

A bundle whose evaluation did not let it out is refused. Where approvals are on, the first call proposes the release
(PROMO_EDGE_TOKEN names who), and the same call publishes it once somebody else has approved.

  --bundle BUNDLE the folder that train wrote
  --coupon-budget AMOUNT  the release's coupons and promotions with a budget can be claimed once it runs; this much,
                  in the shop's currency, pays those that have no budget of their own. A budget that is there already
                  keeps what people put into it
  --pace-until DATE  the site's budgets are to last until then: serve moves the price of budget with what is spent.
                  Later releases keep the date
  --force REASON  publish against the verdict; the reason is recorded${SIGNING_HELP}
`,
  options: {
    ...SIGNING_OPTIONS,
    bundle: { type: 'string' },
    'coupon-budget': { type: 'string' },
    'pace-until': { type: 'string' },
    force: { type: 'string' },
    renew: { type: 'boolean' },
    off: { type: 'boolean' },
    promote: { type: 'boolean' },
    withdraw: { type: 'boolean' },
  },
  async run(values, _positionals, io) {
    const again = AGAIN.find((name) => values[name] === true);
    // Opened first: a folder that is no bundle must not leave a database behind.
    const bundle =
      again === undefined ? await openBundle(needed(values, 'bundle', 'the bundle to publish')) : undefined;
    const budget = numberOption(values, 'coupon-budget', { fallback: 0, min: 0, max: 1e9 });
    return withSigning(values, io, async (signing) => {
      const options: PublishOptions = {
        ...signing,
        say: io.progress.say,
        ...(values['coupon-budget'] === undefined ? {} : { couponBudget: budget }),
        ...(values['pace-until'] === undefined ? {} : { paceUntil: dateOption(values, 'pace-until', io) }),
      };
      if (again !== undefined) return republish({ action: again }, options);
      return publishBundle(
        bundle!,
        options,
        typeof values.force === 'string' ? needed(values, 'force', 'a reason') : undefined,
      );
    });
  },
};

/** @returns epoch ms @throws BadInput for what is no date to come */
function dateOption(values: OptionValues, name: string, io: Io): number {
  const text = needed(values, name, 'a date');
  const at = Date.parse(text);
  if (at > io.now()) return at;
  throw new BadInput({ field: `--${name}` }, 'a date to come, such as 2030-12-31', show(text));
}

/** Opens the store, finds the key, publishes, and says what runs now. */
export async function withSigning(
  values: OptionValues,
  io: Io,
  work: (options: PublishOptions) => Promise<Release> | Release,
): Promise<number> {
  const dir = dbOption(values);
  const site = siteOption(values);
  const canary = numberOption(values, 'canary', { fallback: PUBLISHING.canaryShare, min: 0, max: 1 });
  const expiresDays = numberOption(values, 'expires', {
    fallback: PUBLISHING.expiresDays,
    min: 0.01,
    max: 3650,
  });
  const store = openStore(dir);
  try {
    const who = tokenHolder(store, io, EDITORS, site)?.owner;
    const [key, ...cosigners] = keysFor(values, dir, io);
    const release = await work({
      ...{ store, site, key: key!, cosigners, expiresDays, now: io.now() },
      ...(values.canary === undefined ? {} : { canaryShare: canary }),
      ...(who === undefined ? {} : { who }),
    });
    io.out(summary(release, key!));
    return 0;
  } finally {
    store.close();
  }
}

/** What runs now, in a line. */
export function summary({ site, version, manifest }: Release, key: ReleaseKey): string {
  const { signed, root } = JSON.parse(manifest) as SignedManifest;
  const until = new Date(Math.min(signed.expires, root?.signed.expires ?? Number.POSITIVE_INFINITY));
  const share =
    signed.canaryShare === 1
      ? ''
      : `, for ${signed.canaryShare * 100} % of devices (${signed.stable === undefined ? 'the others have none' : `release ${signed.stable.version} for the others`})`;
  const under = root === undefined ? '' : `, under root ${root.signed.version}`;
  return `site ${site} runs release ${version}, mode ${signed.mode}${share}, until ${until.toISOString().slice(0, 10)}, signed by ${key.publicKey}${under}`;
}

/** @returns at least one */
function keysFor(values: OptionValues, dir: string, io: Io): ReleaseKey[] {
  if (typeof values.key === 'string') return values.key.split(',').map(loadKey);
  const path = join(dir, 'keys', `${DEFAULT_KEY}.key`);
  if (existsSync(path)) return [loadKey(path)];
  io.progress.say(
    `made a release key, ${path}: keep it safe, pages pin its public half (promo-edge keys show)`,
  );
  return [createKey(join(dir, 'keys'))];
}
