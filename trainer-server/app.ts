/** The server's routes, put together. Serving is copying bytes out of the store; only feedback writes. */

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { adminOrigins } from './access/admin-origins.ts';
import { limitBody } from './access/body-size.ts';
import { identify } from './access/caller.ts';
import { limitGuessing, limitReports, limitRequests } from './access/rate-limit.ts';
import type { Config } from './config.ts';
import { type Coupons, openCoupons } from './coupons/coupons.ts';
import { replayerOf } from './feedback/replay.ts';
import { errorHandler, notFound } from './routes/api-error.ts';
import { approvalsRoute } from './routes/approvals.ts';
import { auditRoute } from './routes/audit.ts';
import { bundleFilesRoute } from './routes/bundle-files.ts';
import { couponAdminRoute, couponEffects } from './routes/coupon-admin.ts';
import { couponsRoute } from './routes/coupons.ts';
import { docsPageRoute } from './routes/docs-page.ts';
import { healthRoute, type RequestCounts } from './routes/health.ts';
import { manifestRoute, pastManifestRoute } from './routes/manifest.ts';
import { type DescribedRoute, describedRoutes, openApiRoute } from './routes/openapi.ts';
import { ordersRoute } from './routes/orders.ts';
import { personalDataRoute } from './routes/personal-data.ts';
import { previewsRoute } from './routes/previews.ts';
import { reportsRoute } from './routes/reports.ts';
import { rootRoute } from './routes/root.ts';
import { type SdkFiles, sdkFilesRoute } from './routes/sdk-files.ts';
import { statusPageRoute } from './routes/status-page.ts';
import { trajectoriesRoute } from './routes/trajectories.ts';
import type { Store } from './store/store.ts';

export interface AppParts {
  store: Store;
  sdk: SdkFiles;
  /** Those of the store where absent. */
  coupons?: Coupons;
  config: Config;
  /** Epoch ms. */
  now(): number;
  /** Failures that no caller caused, for the operator. */
  log(text: string): void;
}

export function createApp({ store, sdk, coupons = openCoupons(store), config, now, log }: AppParts): Hono {
  const app = new Hono();
  const counts: RequestCounts = new Map();
  app.use(async (c, next) => {
    // Before the answer is made: a header that comes after it makes hono build the answer again.
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    await next();
    counts.set(c.res.status, (counts.get(c.res.status) ?? 0) + 1);
  });
  openToPages(app);
  app.use('/admin/*', adminOrigins(config.adminOrigins));
  app.use(limitGuessing(config.limits, config.trustedProxies));
  app.use(limitBody(config.maxBodyBytes));
  app.use(identify(store.tokens, now));
  app.use(limitRequests(config.limits, config.trustedProxies));
  app.use('/s/:site/reports', limitReports(config.limits, config.trustedProxies));
  app.route('/', manifestRoute(store));
  app.route('/', pastManifestRoute(store));
  app.route('/', rootRoute(store));
  app.route('/', bundleFilesRoute(store));
  app.route('/', sdkFilesRoute(sdk));
  app.route('/', trajectoriesRoute(store, replayerOf(store), now));
  app.route('/', reportsRoute(store, now));
  app.route('/', ordersRoute(store, now));
  const effects = couponEffects(store, coupons, now);
  app.route('/', approvalsRoute(store, effects, now));
  app.route('/', couponsRoute(coupons, config.trustedProxies, now));
  app.route('/', couponAdminRoute(store, coupons, effects, now));
  app.route('/', previewsRoute(store, coupons, now));
  app.route('/', auditRoute(store));
  app.route('/', personalDataRoute(store, now));
  app.route('/', healthRoute(store, counts, now));
  app.route('/', statusPageRoute(store, coupons.budgets, now));
  const described = (): DescribedRoute[] => describedRoutes(app.routes);
  app.route('/', openApiRoute(described));
  app.route('/', docsPageRoute(described));
  app.notFound(notFound);
  app.onError(errorHandler(log));
  return app;
}

/** Pages of any shop fetch these. No credentials: `*` forbids them, and nothing here knows who asks. */
function openToPages(app: Hono): void {
  const open = cors({
    origin: '*',
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: ['Content-Type'],
    maxAge: 86_400,
  });
  for (const path of [
    '/s/:site/manifest.json',
    '/s/:site/releases/*',
    '/s/:site/root/*',
    '/s/:site/trajectories',
    '/s/:site/reports',
    '/s/:site/grants',
    '/s/:site/claims',
    '/s/:site/previews',
    '/b/*',
    '/sdk/*',
  ]) {
    app.use(path, async (c, next) => {
      if (c.req.method === 'OPTIONS') return open(c, next);
      // By hand where a page asks for real: hono's cors makes the answer twice, which is a tenth of a claim's time.
      c.header('Access-Control-Allow-Origin', '*');
      c.header('Cross-Origin-Resource-Policy', 'cross-origin');
      return next();
    });
  }
}
