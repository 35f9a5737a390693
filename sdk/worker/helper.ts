/** The worker's end of its helper: a second worker for what a first decision does without. */

import type { RemoteObject } from 'comlink';
import type { Engine, Tier } from '../../shared/engine.ts';
import type { HelperApi, HelperEngine, HelperRelease } from '../protocol.ts';
import type { StartApi, StartedApi } from './start-api.ts';

/** Set by the build. */
declare const HELPER_INTEGRITY: string;

/** Milliseconds until a helper that has not answered is ended. Loading: ONNX Runtime takes 13 s at 1.6 Mbit/s. */
const PATIENCE = { loading: 60_000, answering: 5000 };

export class Helper {
  #running: Promise<StartedApi<HelperApi>> | undefined;
  /** How many releases it is taking up: compiling and comparing engines leaves it no time to answer. */
  #loading = 0;

  constructor(
    readonly endpoint: string,
    readonly start: StartApi,
  ) {}

  /**
   * Starts it where it does not run. One that fails, hangs or cannot start is ended: the next use starts another.
   * @throws what it throws, and where no helper can run
   */
  async use<T>(
    work: (api: RemoteObject<HelperApi>) => Promise<T>,
    patience = this.#loading > 0 ? PATIENCE.loading : PATIENCE.answering,
  ): Promise<T> {
    this.#running ??= this.start<HelperApi>('promo-edge-helper', HELPER_INTEGRITY);
    const mine = this.#running;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`helper: no answer in ${patience} ms`)), patience);
    });
    try {
      return await Promise.race([mine.then(({ api }) => work(api)), late]);
    } catch (error) {
      if (this.#running === mine) this.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Where it runs already: to fetch its file at a shopper's act would tell of the act. */
  async ask<T>(work: (api: RemoteObject<HelperApi>) => Promise<T>): Promise<T | undefined> {
    return this.#running && this.use(work);
  }

  /** Only ending a worker gives its memory back. */
  end(): void {
    this.#running?.then(({ end }) => end()).catch(() => undefined);
    this.#running = undefined;
  }

  /**
   * Gives it a release and, where asked, has it open an engine.
   * @returns the engine; undefined where none was asked for or the release has no graphs for it
   */
  async engine(release: HelperRelease, kind?: HelperEngine['kind']): Promise<Engine | undefined> {
    const { manifest, files } = release;
    const wanted = kind && { kind, endpoint: this.endpoint };
    this.#loading++;
    try {
      const tier = await this.use((api) => api.load({ manifest, files }, wanted));
      return tier && this.#remote(tier);
    } finally {
      this.#loading--;
    }
  }

  #remote(tier: Tier): Engine {
    return {
      tier,
      encodeSession: (input) => this.use((api) => api.encodeSession(input)),
      score: (state, actions, count) => this.use((api) => api.score(state, actions, count)),
      dispose() {},
    };
  }
}
