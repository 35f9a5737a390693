/**
 * For a shop's own back end: what its server may ask of the trainer's.
 *
 * @example
 * const promoEdge = createClient({ endpoint: 'http://localhost:8787', site: 'demo', token });
 * await promoEdge.reportOrders([{ id: '1001', kind: 'purchase', ts: Date.now(), items: [{ sku: 'A', quantity: 1 }] }]);
 */

import type { SignedManifest } from '../../shared/manifest.ts';

export interface ClientOptions {
  /** Where `promo-edge serve` listens. */
  endpoint: string;
  site: string;
  /** Content of DB/keys/shop-server.token; needed for orders alone. Never let it reach a page. */
  token?: string;
  /** Milliseconds until a request is given up; 5,000 where absent. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

/** Prices in decimal major units. */
export interface Order {
  /** Counts once: reporting it again changes nothing. */
  id: string;
  kind: 'purchase' | 'refund';
  /** Epoch milliseconds or ISO 8601. */
  ts: number | string;
  customer?: string;
  items: { sku: string; quantity: number; price?: number }[];
  value?: number;
  promotion?: string;
}

export interface Client {
  healthy(): Promise<boolean>;
  manifest(): Promise<SignedManifest>;
  reportOrders(orders: readonly Order[]): Promise<{ accepted: number; duplicates: number }>;
}

/** The server said no. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

export function createClient(options: ClientOptions): Client {
  const { endpoint, site, token, timeoutMs = 5_000, fetch: send = fetch } = options;
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await send(`${endpoint}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const body = (await response.json().catch(() => undefined)) as T & {
      error?: Omit<ServerError, 'status'>;
    };
    if (response.ok) return body;
    const { code = 'http', message = `the server answered ${response.status}`, field } = body?.error ?? {};
    throw new ServerError(response.status, code, message, field);
  };
  return {
    healthy: () =>
      ask('/healthz').then(
        () => true,
        () => false,
      ),
    manifest: () => ask(`/s/${site}/manifest.json`),
    reportOrders: (orders) =>
      ask(`/s/${site}/orders`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token ?? ''}` },
        body: JSON.stringify({ orders }),
      }),
  };
}
