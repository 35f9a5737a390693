/** What the merchant asked of releases: replays, and another one that chooses. Outlives the panel, not the page. */

import type { PromoEdge } from '../../sdk/index.ts';
import {
  type Choosing,
  type InspectOptions,
  type KeptDecision,
  type OpenedRelease,
  openRelease,
  type Replay,
  replay,
  tagOptions,
  useRelease,
} from '../../sdk/inspect/index.ts';

export type Replayed = Replay | 'running' | Error;

export class Looking {
  /** By decision and release. */
  readonly replays = new Map<string, Replayed>();
  /** The release that chooses instead. */
  swapped: { version: number; choosing: Choosing; expired: boolean } | undefined;
  failure: Error | undefined;
  /** Draws the panel again. */
  changed: () => void = () => undefined;
  #opened = new Map<number, Promise<OpenedRelease>>();
  #back: (() => void) | undefined;

  /** @param options of the page's script tag where absent */
  constructor(
    private readonly edge: PromoEdge,
    private readonly options: InspectOptions | undefined = tagOptions(),
  ) {}

  /** Under the release that made it, or under another one. */
  async replay(kept: KeptDecision, version: number): Promise<void> {
    const key = replayKey(kept.id, version);
    this.replays.set(key, 'running');
    this.changed();
    this.replays.set(
      key,
      await this.#open(version)
        .then((release) => replay(kept, release))
        .catch(asError),
    );
    this.changed();
  }

  async use(version: number, choosing: Choosing): Promise<void> {
    try {
      const release = await this.#open(version);
      this.back();
      this.#back = useRelease(this.edge, release, choosing);
      this.swapped = { version, choosing, expired: release.expired };
    } catch (error) {
      this.failure = asError(error);
    }
  }

  back(): void {
    this.#back?.();
    this.#back = undefined;
    this.swapped = undefined;
    this.failure = undefined;
  }

  #open(version: number): Promise<OpenedRelease> {
    const { options } = this;
    if (options === undefined) return Promise.reject(new Error('expected a script tag with data-site-key'));
    const opened = this.#opened.get(version) ?? openRelease(options, version);
    this.#opened.set(version, opened);
    // What failed may be asked for again.
    opened.catch(() => this.#opened.delete(version));
    return opened;
  }
}

export const replayKey = (decision: string, version: number): string => `${decision} ${version}`;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
