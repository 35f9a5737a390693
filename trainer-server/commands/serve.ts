/** `serve`: releases, bundle files and the SDK to shoppers; feedback and a status page back. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, show } from '../../shared/errors.ts';
import { registerShopToken } from '../access/shop-token.ts';
import { createApp } from '../app.ts';
import { CONFIG } from '../config.ts';
import { type Coupons, openCoupons } from '../coupons/coupons.ts';
import { packageRoot } from '../package-root.ts';
import { withdrawLosing } from '../release/guard-canary.ts';
import { DEFAULT_KEY, loadKey } from '../release/keys.ts';
import { paceDue } from '../release/pace.ts';
import { renewDue } from '../release/renew.ts';
import { integrityOf, pinnedName, withEarlierBuilds } from '../release/sdk-builds.ts';
import { readSdkFiles, type SdkFiles } from '../routes/sdk-files.ts';
import { listen } from '../server.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, numberOption, siteOption } from './options.ts';

export const command: Command = {
  name: 'serve',
  summary: 'serve releases to shoppers, take feedback back',
  help: `
promo-edge serve --db DIR [--port ${CONFIG.port}] [--host ${CONFIG.host}] [--site demo] [--sdk DIR]
  [--admin-origin ORIGIN]... [--trust-proxies N]

GET  /s/SITE/manifest.json  the running release, signed
GET  /s/SITE/root/N.json    the root documents, where the site has any
GET  /b/SHA256              its files, immutable
GET  /sdk/promo-edge.js     the SDK; earlier builds, which DIR/sdk keeps, by ?v= (promo-edge tag)
POST /s/SITE/trajectories   consented trajectories
POST /s/SITE/grants         what a visit may claim, signed
POST /s/SITE/claims         a claim: its code
POST /s/SITE/redemptions    codes to a price, for the shop's server; /ID/reversals, /expire
POST /s/SITE/orders         what the shop's server sold (token: DIR/keys/shop-server.token)
GET  /docs                  every route, its roles and schemas
GET  /                      what runs; /healthz and /metrics for machines

A manifest that has used up half of its time is signed again where DIR/keys/release.key is there. So is one whose
price of budget must move because the budgets are to last (promo-edge publish --pace-until). A canary that consented
visits or private reports surely speak against is withdrawn; to more devices only a person lets it out.

  --db DIR    the folder of database and keys (promo-edge publish fills it)
  --port N    ${CONFIG.port} where absent; 0 takes any free one
  --host H    ${CONFIG.host} where absent: this machine alone
  --sdk DIR   the built SDK; dist/sdk where absent
  --admin-origin ORIGIN  a page of another origin that may use /admin, such as a console of your own
  --trust-proxies N      reverse proxies of yours in front, which append to X-Forwarded-For; 0 where absent
`,
  options: {
    ...DB_OPTIONS,
    port: { type: 'string' },
    host: { type: 'string' },
    site: { type: 'string' },
    sdk: { type: 'string' },
    'admin-origin': { type: 'string', multiple: true },
    'trust-proxies': { type: 'string' },
  },
  async run(values, _positionals, io) {
    const port = numberOption(values, 'port', { fallback: CONFIG.port, min: 0, max: 65_535, integer: true });
    const trustedProxies = numberOption(values, 'trust-proxies', {
      fallback: CONFIG.trustedProxies,
      min: 0,
      max: 10,
      integer: true,
    });
    const adminOrigins = originsOption(values);
    const site = siteOption(values);
    const built = readSdkFiles(typeof values.sdk === 'string' ? values.sdk : join(packageRoot(), 'dist/sdk'));
    const store = openStore(dbOption(values));
    try {
      const sdk = withEarlierBuilds(built, join(store.dir, 'sdk'));
      const config = {
        ...CONFIG,
        port,
        trustedProxies,
        adminOrigins,
        ...(typeof values.host === 'string' ? { host: values.host } : {}),
      };
      registerShopToken(store, io.now());
      const coupons = openCoupons(store);
      const app = createApp({ store, sdk, coupons, config, now: io.now, log: io.progress.say });
      const server = await listen(app, config);
      // Not before the port is ours: their timers would keep a process alive that serves nobody.
      const stopRenewing = keepFresh(store, io);
      const stopExpiring = giveBack(coupons, io);
      const release = store.releases.running(site);
      io.progress.say(
        release === undefined
          ? `${server.url} is up; site ${site} has no release yet: promo-edge publish`
          : `${server.url} serves release ${release.version} of site ${site}`,
      );
      io.progress.say(loaderLine(built));
      await stopAsked(io);
      await server.stop();
      stopRenewing();
      stopExpiring();
      return 0;
    } finally {
      store.close();
    }
  },
};

/** Where pages find the loader, and its hash for their tag. */
function loaderLine(built: SdkFiles): string {
  const loader = built.get('promo-edge.js');
  if (loader === undefined) return 'no built SDK found: /sdk answers 404 until npm run build';
  return `SDK: /sdk/${pinnedName('promo-edge.js', loader.bytes)} integrity="${integrityOf(loader.bytes)}" (promo-edge tag writes the whole tag)`;
}

/** @throws BadInput where one is more, or less, than an origin */
function originsOption(values: OptionValues): string[] {
  return [values['admin-origin'] ?? []].flat().map((origin) => {
    if (URL.canParse(String(origin)) && new URL(String(origin)).origin === origin) return origin;
    throw new BadInput(
      { field: '--admin-origin' },
      'an origin such as https://console.example',
      show(origin),
    );
  });
}

function stopAsked({ signal }: Io): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const HOUR = 3_600_000;

/** Withdraws, renews and paces at once and every hour. Without the private key, kept elsewhere, somebody must publish --renew. */
function keepFresh(store: Store, io: Io): () => void {
  const path = join(store.dir, 'keys', `${DEFAULT_KEY}.key`);
  if (!existsSync(path)) return () => undefined;
  const key = loadKey(path);
  const renew = (): void => {
    // A root may have run out, or name another key by now. What runs goes on until it expires.
    const failed = (site: string, { message }: Error): void =>
      io.progress.say(`site ${site}: could not renew: ${message}`);
    for (const { release, reasons } of withdrawLosing(store, key, io.now(), failed))
      io.progress.say(`site ${release.site}: the canary is withdrawn: ${reasons.join('; ')}`);
    for (const { site, version } of renewDue(store, key, io.now(), failed))
      io.progress.say(`site ${site}: release ${version} renews the manifest`);
    for (const { site, version } of paceDue(store, key, io.now(), failed))
      io.progress.say(`site ${site}: release ${version} moves the price of budget`);
  };
  renew();
  const timer = setInterval(renew, HOUR);
  return () => clearInterval(timer);
}

const MINUTE = 60_000;

/** All that expired claims reserved, every minute; a sweep that fails is followed by the next one. */
function giveBack(coupons: Coupons, io: Io): () => void {
  const sweep = async (): Promise<void> => {
    try {
      // One sweep takes a few hundred, and requests go between two of them.
      while ((await coupons.expire(io.now())) > 0);
    } catch (error) {
      io.progress.say(`expired claims stay reserved for now: ${(error as Error).message}`);
    }
  };
  const timer = setInterval(() => void sweep(), MINUTE);
  return () => clearInterval(timer);
}
