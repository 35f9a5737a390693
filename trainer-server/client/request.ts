/** One request of a shop's server, asked again where the answer may have been lost. */

export interface ClientOptions {
  /** Where `promo-edge serve` listens. */
  endpoint: string;
  site: string;
  /** Of role shop-server, such as the content of DB/keys/shop-server.token. Never let it reach a page. */
  token?: string;
  /** Milliseconds until a request is given up; 5,000 where absent. */
  timeoutMs?: number;
  /** How often one is asked again; 2 where absent. */
  retries?: number;
  fetch?: typeof fetch;
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

/** @throws ServerError; or what fetch throws where nobody answers */
export type Ask = <T>(method: 'GET' | 'POST', path: string, body?: object, key?: string) => Promise<T>;

/** Milliseconds before the first retry, doubled for each one more, unless the server names its own. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export function askerOf(options: ClientOptions): Ask {
  const { retries = 2 } = options;
  return async <T>(method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries;
      let response: Response;
      try {
        response = await once(options, method, path, body, key);
      } catch (error) {
        if (last) throw error;
        await pause(PAUSE_MS * 2 ** attempt);
        continue;
      }
      if (response.ok) return (await response.json()) as T;
      const passing = response.status === 503 || response.status === 429;
      if (!passing || last) throw await refusalOf(response);
      await response.body?.cancel();
      await pause(Number(response.headers.get('Retry-After')) * 1000 || PAUSE_MS * 2 ** attempt);
    }
  };
}

function once(
  { endpoint, token, timeoutMs = 5_000, fetch: send = fetch }: ClientOptions,
  method: string,
  path: string,
  body: object | undefined,
  key: string | undefined,
): Promise<Response> {
  return send(`${endpoint}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function refusalOf(response: Response): Promise<ServerError> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { code: string; message: string; field?: string } }
    | undefined;
  const { code = 'http', message = `the server answered ${response.status}`, field } = body?.error ?? {};
  return new ServerError(response.status, code, message, field);
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(ms, LONGEST_PAUSE_MS)));
