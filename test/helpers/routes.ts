/** Every route of the server, with requests that reach it. */

import { createApp } from '../../trainer-server/app.ts';
import { CONFIG } from '../../trainer-server/config.ts';
import { type DescribedRoute, describedRoutes } from '../../trainer-server/routes/openapi.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import { NOW } from './served.ts';

const app = (store: Store) =>
  createApp({ store, sdk: new Map(), config: CONFIG, now: () => NOW, log: () => undefined });

/** As the API's document has them. */
export const documentedRoutes = (store: Store): DescribedRoute[] => describedRoutes(app(store).routes);

/** `METHOD /path/{parameter}` of every route that answers, described or not; middlewares for all methods left out. */
export function allRoutes(store: Store): string[] {
  const names = app(store)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  return [...new Set(names)].sort();
}

/** @param parameters by name; `x` where absent */
export const pathOf = (template: string, parameters: Record<string, string> = {}): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'x');
