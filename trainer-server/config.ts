/** What the server can be told. Every value has its default, unit and meaning here. */

import { RATE_LIMITS, type RateLimits } from './access/rate-limit.ts';

export interface Config {
  port: number;
  /** Address to listen on. The default lets this machine alone in; behind a proxy or in a container say 0.0.0.0. */
  host: string;
  /** Largest body of a request, in bytes. A full batch of trajectories takes about a tenth. */
  maxBodyBytes: number;
  /** How long running requests may go on after a stop was asked for, in ms. */
  graceMs: number;
  /** Pages beside this server's own that may use /admin, such as `https://console.shop.example`. */
  adminOrigins: readonly string[];
  /** Reverse proxies in front of this server that append to X-Forwarded-For. */
  trustedProxies: number;
  limits: RateLimits;
}

export const CONFIG: Config = {
  port: 8787,
  host: 'localhost',
  maxBodyBytes: 1024 * 1024,
  graceMs: 5_000,
  adminOrigins: [],
  trustedProxies: 0,
  limits: RATE_LIMITS,
};
