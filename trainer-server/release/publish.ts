/** A trained bundle becomes what shoppers run: numbered, signed, stored by content, in one transaction. */

import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { BadInput } from '../../shared/errors.ts';
import type { Manifest, ManifestFile } from '../../shared/manifest.ts';
import { requireApproval, useApproval } from '../access/release-approval.ts';
import { type Loading, type Settled, settleClaims } from '../coupons/release-claims.ts';
import {
  maskedBy,
  OFFERS_FILE,
  type OfferPlan,
  type OffersFile,
  planOffers,
  type ReleaseOffer,
} from '../coupons/release-offers.ts';
import { declareLaw } from '../law/lawful-offer.ts';
import { declareSensitive } from '../law/sensitive.ts';
import type { Approval } from '../store/approvals.ts';
import type { Release, StoredFile } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import type { Bundle } from './bundle.ts';
import { forDevices } from './device-files.ts';
import type { ReleaseKey } from './keys.ts';
import { PACING_FILE, planPacing } from './pacing-plan.ts';
import { signManifest } from './sign.ts';
import { besideStable, signedOf } from './stable.ts';

export interface PublishOptions {
  store: Store;
  site: string;
  key: ReleaseKey;
  /** Further signers, where the site's root asks for several. */
  cosigners?: readonly ReleaseKey[];
  /** Share of devices that take it, 0 to 1; a new release and a way back go to everyone unless it is given. */
  canaryShare?: number;
  /** Until when devices believe it; days from now. */
  expiresDays: number;
  /** Epoch ms. */
  now: number;
  /** Owner of the token that was shown: whom the audit log names. */
  who?: string;
  /** What the budget of coupons without one of their own holds, in major units; they cannot be claimed where absent. */
  couponBudget?: number;
  /** Until when the site's budgets are to last, epoch ms: the price of budget is moved so that they do. */
  paceUntil?: number;
  /** Hears which promotions can be claimed, and which cannot and why. */
  say?(text: string): void;
}

export const PUBLISHING = { canaryShare: 1, expiresDays: 30, site: 'demo' } as const;

const DAY = 24 * 3_600_000;

/**
 * Publishes a bundle under the site's next version.
 * @param forced why it goes out against its verdict
 * @throws BadInput where its verdict does not let it out and no reason is given
 * @throws NotApproved where somebody else must approve it first; it is then proposed
 */
export async function publishBundle(
  trained: Bundle,
  options: PublishOptions,
  forced?: string,
): Promise<Release> {
  const bundle = await forDevices(trained);
  requireVerdict(bundle.manifest, forced);
  const { store, site, canaryShare = PUBLISHING.canaryShare, who, now } = options;
  const file = await offersFile(bundle);
  const basis = await pacingBasis(bundle, options.paceUntil);
  const masks = file ? maskedBy((await bundle.first()).law) : new Map<string, string>();
  const { offers, shown, masked, left }: OfferPlan = file
    ? planOffers(file, options.couponBudget, masks)
    : { offers: [], shown: [], masked: [], left: [] };
  const plan = { site, manifest: bundle.manifest, canaryShare, offers };
  const approval = requireApproval(store, forced === undefined ? plan : { ...plan, forced }, who, now);
  const files = await Promise.all(bundle.manifest.files.map((file) => storedFile(bundle, file, store)));
  return store.transaction(() => {
    if (approval !== undefined) useApproval(store, approval, now);
    for (const file of files) store.releases.addFile(file);
    const budgetPrice = basis === undefined ? 0 : planPacing(store, site, basis, options.paceUntil);
    const manifest = { ...bundle.manifest, canaryShare: PUBLISHING.canaryShare, budgetPrice };
    const made = release(manifest, options, 'publish', forced === undefined ? {} : { forced });
    if (file !== undefined) {
      declareSensitive(store, site, file.sensitive);
      const { countdown = 'true-end' } = file;
      declareLaw(store, site, { masked: Object.fromEntries(masks), countdown });
    }
    const settled = settleClaims(store, made, 'all', file && { offers, shown, masked });
    tell(options, made, settled, offers);
    if (bundle !== trained)
      options.say?.('devices get the most visited products alone: the catalogue is large');
    for (const { id, why } of left) options.say?.(`${id} cannot be claimed: ${why}`);
    return made;
  });
}

/** Nothing where the bundle was not made by `train`. */
async function offersFile(bundle: Bundle): Promise<OffersFile | undefined> {
  const bytes = await bundle.trainerFile(OFFERS_FILE);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as OffersFile);
}

/** @throws BadInput where a pace is asked for that nothing was learned about */
async function pacingBasis(bundle: Bundle, until: number | undefined): Promise<string | undefined> {
  const bytes = await bundle.trainerFile(PACING_FILE);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  if (until === undefined) return undefined;
  const fix = 'Train on decisions that say their spend and time';
  throw new BadInput({ field: '--pace-until' }, 'a release that knows what it spends', 'none', fix);
}

function tell(
  options: PublishOptions,
  { version: release }: Release,
  { loaded, dropped }: Settled,
  offers: readonly ReleaseOffer[] = [],
): void {
  const { say } = options;
  if (loaded.length > 0) {
    record(options, 'coupon-offer', { release, promotions: loaded, offers });
    say?.(`can be claimed from now on: ${loaded.join(', ')}`);
  }
  if (dropped.length === 0) return;
  record(options, 'coupon-withdraw', { release, promotions: dropped });
  say?.(`can be claimed no more: ${dropped.join(', ')}; codes that are out are good until they expire`);
}

/** How an earlier release is published again. */
export type Again =
  /** The files of `version`, or of the one before the running one. */
  | { action: 'rollback'; version?: number }
  /** The running canary, to everyone. */
  | { action: 'promote' }
  /** The stable release beside the running canary, to everyone: the canary's devices go back. */
  | { action: 'withdraw' }
  /** The running one with a fresh expiry, and another price of budget where it is given. */
  | { action: 'renew'; budgetPrice?: number }
  /** The kill switch: the running one's files, but no device decides with them. */
  | { action: 'off' };

/** Old bytes under a higher version: devices never go back to a lower one. @throws BadInput */
export function republish(again: Again, options: PublishOptions): Release {
  const { store, site } = options;
  const approval = widening(again, options);
  return store.transaction(() => {
    const running = store.releases.running(site);
    if (running === undefined) throw new BadInput({ field: '--site' }, 'a site with a release', site);
    if (approval !== undefined) useApproval(store, approval, options.now);
    const source = sourceOf(again, store, running);
    const { stable, ...signed } = signedOf(source);
    const toAll = { mode: 'on', canaryShare: PUBLISHING.canaryShare } as const;
    const change: Partial<Manifest> =
      again.action === 'renew' || again.action === 'off'
        ? {
            ...(stable === undefined ? {} : { stable }),
            ...(again.action === 'off' ? { mode: 'off' } : {}),
            ...('budgetPrice' in again ? { budgetPrice: again.budgetPrice } : {}),
          }
        : toAll;
    const republishes = source.republishes ?? source.version;
    const made = release({ ...signed, ...change }, options, again.action, {
      republishes,
      ...(source.forced === undefined ? {} : { forced: source.forced }),
    });
    tell(options, made, settleClaims(store, made, LOADING[again.action]));
    return made;
  });
}

const LOADING: Record<Again['action'], Loading> = {
  rollback: 'unless-a-person-decided',
  withdraw: 'unless-a-person-decided',
  ...{ promote: 'nothing', renew: 'nothing', off: 'nothing' },
};

/** To more devices than its files were approved for, it is a new release to them. */
function widening(
  again: Again,
  { store, site, canaryShare, who, now }: PublishOptions,
): Approval | undefined {
  const running = store.releases.running(site);
  if (running === undefined || again.action === 'off' || again.action === 'withdraw') return undefined;
  const manifest = signedOf(sourceOf(again, store, running));
  const share = canaryShare ?? (again.action === 'renew' ? manifest.canaryShare : PUBLISHING.canaryShare);
  if (share <= manifest.canaryShare) return undefined;
  return requireApproval(store, { site, manifest, canaryShare: share }, who, now);
}

/** Whose files are published again. */
function sourceOf(again: Again, store: Store, running: Release): Release {
  const { canaryShare, stable } = signedOf(running);
  if (again.action === 'promote' || again.action === 'withdraw') {
    const found = `release ${running.version}, which everyone takes`;
    if (canaryShare >= 1) throw new BadInput({ field: `--${again.action}` }, 'a running canary', found);
  }
  const backToStable = again.action === 'rollback' && again.version === undefined;
  if (stable !== undefined && (backToStable || again.action === 'withdraw'))
    return store.releases.find(running.site, stable.version)!;
  if (again.action === 'withdraw') {
    const fix = 'Switch it off: promo-edge publish --off';
    throw new BadInput({ field: '--withdraw' }, 'a release from before the canary', 'none', fix);
  }
  return again.action === 'rollback' ? earlier(store, running, again.version) : running;
}

function release(
  manifest: Manifest,
  options: PublishOptions,
  action: string,
  origin: Pick<Release, 'republishes' | 'forced'>,
): Release {
  const { store, site, key, cosigners = [], expiresDays, now } = options;
  const { canaryShare = manifest.canaryShare } = options;
  const version = store.releases.nextVersion(site);
  const times = { version, created: now, expires: now + expiresDays * DAY };
  const numbered = besideStable({ ...manifest, ...times, canaryShare }, store.releases.running(site));
  const signed = signManifest(numbered, [key, ...cosigners], store.roots.current(site));
  const made: Release = { site, version, manifest: JSON.stringify(signed), published: now, ...origin };
  store.releases.publish(made);
  record(options, action, { version, keyId: key.id, canaryShare, ...origin });
  return made;
}

function record({ store, site, now, who }: PublishOptions, action: string, detail: object): void {
  store.audit.add({ at: now, site, action, detail: { ...detail }, ...(who === undefined ? {} : { who }) });
}

/** The gate of `train` decides; a person may overrule it, and it is written down. */
function requireVerdict({ verdict, parts }: Manifest, forced: string | undefined): void {
  if (forced !== undefined || verdict?.shipped === true) return;
  const fix = 'Train on more evidence, or give a reason: --force REASON';
  if (verdict !== undefined) {
    const found = `a refusal: ${verdict.reasons.join('; ') || 'no reason given'}`;
    throw new BadInput({ field: 'verdict' }, 'a bundle that its evaluation let out', found, fix);
  }
  // Without a policy nothing is decided, so there is nothing to judge.
  if (parts.includes('policy')) {
    throw new BadInput({ field: 'verdict' }, 'a bundle that was judged', 'a policy without verdict', fix);
  }
}

/** The release to go back to: of other files than the running one's, and one that could decide. */
function earlier(store: Store, running: Release, version: number | undefined): Release {
  const { site } = running;
  if (version !== undefined) {
    const found = store.releases.find(site, version);
    if (found !== undefined) return found;
    const known = store.releases.list(site).map((entry) => entry.version);
    throw new BadInput({ field: '--to' }, `a release of ${site}: ${known.join(', ')}`, String(version));
  }
  const files = (entry: Release): string =>
    signedOf(entry)
      .files.map((file) => file.sha256)
      .join();
  const found = store.releases
    .list(site)
    .find((entry) => entry.version < running.version && files(entry) !== files(running));
  if (found !== undefined) return found;
  throw new BadInput(
    { field: '--site' },
    'a site with an earlier release to go back to',
    `${site}, version 1 alone`,
  );
}

const compress = promisify(brotliCompress);

/** Packed once, at the highest quality, so that serving is copying. */
async function storedFile(bundle: Bundle, file: ManifestFile, store: Store): Promise<StoredFile> {
  const bytes = await bundle.bytes(file.role);
  if (bytes === undefined) throw new BadInput({ file: bundle.dir, field: file.role }, 'the file', 'nothing');
  const mediaType = file.path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
  const entry = { sha256: file.sha256, mediaType, bytes };
  if (store.releases.hasFile(file.sha256)) return entry;
  const brotli = await compress(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  return brotli.length < bytes.length * 0.97 ? { ...entry, brotli } : entry;
}
