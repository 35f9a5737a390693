/** What the page fetched while the worker was starting. Nothing of it has been checked. */

import { type Deferred, deferred } from './deferred.ts';

export class Prefetched {
  #manifest = deferred<string | undefined>();
  #files = new Map<string, Deferred<Uint8Array | undefined>>();

  get manifest(): Promise<string | undefined> {
    return this.#manifest.promise;
  }

  offer(manifest: string | undefined, coming: readonly string[]): void {
    for (const sha256 of coming) this.#files.set(sha256, deferred());
    this.#manifest.resolve(manifest);
  }

  deliver(sha256: string, bytes: Uint8Array | undefined): void {
    this.#files.get(sha256)?.resolve(bytes);
  }

  /** A file once: what turned out to be wrong is fetched anew. Undefined where it is not on its way, or got lost. */
  async take(sha256: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#files.get(sha256)?.promise;
    this.#files.delete(sha256);
    return bytes;
  }
}
