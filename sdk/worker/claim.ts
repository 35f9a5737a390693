/**
 * Grants and claims. A grant is fetched at the start and by the clock, whatever the shopper does; a claim is sent when
 * they take a promotion, and at no other time. The device's clock decides nothing: the server knows what has expired.
 */

import type { Claim } from '../api.ts';
import { post } from './post.ts';
import type { Store } from './store.ts';

/** Three renewals within a grant's half hour: two may fail. */
const RENEW_MS = 10 * 60_000;

export interface ClaimsOptions {
  /** `ENDPOINT/s/SITE`. */
  url: string;
  store: Store;
  /** Whether the visit's name may be kept on the device; in memory alone where not. */
  keeps(): boolean;
  failed(error: unknown): void;
}

/** As `POST /grants` answers. */
interface Grant {
  grant: string;
  /** Of the visit. */
  sid: string;
  /** Promotions that this visit is not offered, by the draw of an experiment. */
  withheld: string[];
}

export class Claims {
  #grant: Grant | undefined;
  #renewing: Promise<void> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(readonly options: ClaimsOptions) {}

  async start(): Promise<void> {
    this.#clock = setInterval(() => void this.renew(), RENEW_MS);
    await this.renew();
  }

  stop(): void {
    clearInterval(this.#clock);
  }

  /** What of these this visit may be shown. */
  offered(eligible: readonly string[]): string[] {
    return eligible.filter((id) => !this.#grant?.withheld.includes(id));
  }

  /** Its name, once it is known; undefined where nobody grants one. */
  async visit(): Promise<string | undefined> {
    await this.#renewing;
    return this.#grant?.sid;
  }

  async claim(promotion: string, subject: string | undefined): Promise<Claim> {
    await this.#renewing;
    const first = await this.#claim(promotion, subject);
    if (first.refused !== 'grant-expired') return first;
    // The page slept through its renewals.
    await this.renew();
    return this.#claim(promotion, subject);
  }

  /** Forgets the visit: the next grant is another one's. */
  forget(): void {
    this.#grant = undefined;
  }

  renew(): Promise<void> {
    this.#renewing ??= this.#renew()
      .catch(this.options.failed)
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    const { store, keeps } = this.options;
    const earlier = this.#grant?.grant ?? (keeps() ? await store.get('grant') : undefined);
    let answer = await this.#post('grants', earlier === undefined ? {} : { grant: earlier });
    // A visit of yesterday is over, and a server with another key knows of none.
    if (answer.status === 403) answer = await this.#post('grants', {});
    if (answer.status !== 201) throw new Error(`grants: ${answer.status}`);
    this.#grant = answer.body as unknown as Grant;
    await store.set('grant', keeps() ? this.#grant.grant : undefined);
  }

  async #claim(promotion: string, subject: string | undefined): Promise<Claim> {
    if (this.#grant === undefined) return { promotion, refused: 'no-grant' };
    const { grant } = this.#grant;
    try {
      const { status, body } = await this.#post('claims', { grant, promotion, subject });
      if (status === 200 || status === 201) return body as unknown as Claim;
      return { promotion, refused: (body.error as { code: string } | undefined)?.code ?? `http-${status}` };
    } catch (error) {
      this.options.failed(error);
      return { promotion, refused: 'network' };
    }
  }

  async #post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const url = `${this.options.url}/${path}`;
    const response = await post(url, JSON.stringify(body), AbortSignal.timeout(10_000));
    return { status: response.status, body: await response.json() };
  }
}
