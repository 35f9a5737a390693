/** What the shoppers' own decisions would be under every release: asked again, from what their devices kept. */

import {
  type KeptDecision,
  type OpenedRelease,
  openRelease,
  type Replay,
  replay,
  tagOptions,
} from '../../sdk/inspect/index.ts';

/** What a release thinks best for a persona. */
export interface PersonaAnswer {
  persona: string;
  release: number;
  /** How many decisions were asked again. */
  decisions: number;
  /** A promotion, or `none`. */
  best: string;
  /**
   * Expected of it beyond showing nothing, a decision, in the log's own unit; the price of budget is taken off. Absent
   * where the shop's own order decides, which expects nothing.
   */
  lead?: number;
}

/** The newest of each persona. */
const KEPT_DECISIONS = 9;
/** The newest: a comparison of more is none. */
const KEPT_RELEASES = 3;

export class PersonaMoments {
  answers: readonly PersonaAnswer[] = [];
  readonly #kept = new Map<string, KeptDecision[]>();
  readonly #opened = new Map<number, OpenedRelease>();
  #work: Promise<void> = Promise.resolve();

  /** @param changed called when there are new answers; `failed` where a release could not be opened */
  constructor(private readonly told: { changed(): void; failed(message: string): void }) {}

  /** A visit is over. */
  add(persona: string, decisions: readonly KeptDecision[]): void {
    const held = this.#kept.get(persona) ?? [];
    this.#kept.set(persona, [...held, ...decisions].slice(-KEPT_DECISIONS));
    this.#later(() => this.#answer());
  }

  /** Another release runs. */
  take(version: number): void {
    const options = tagOptions();
    if (options === undefined || this.#opened.has(version)) return;
    this.#later(async () => {
      this.#opened.set(version, await openRelease(options, version));
      const oldest = [...this.#opened.keys()].sort((a, b) => a - b).slice(0, -KEPT_RELEASES);
      for (const release of oldest) this.#opened.delete(release);
      await this.#answer();
    });
  }

  /** One after the other: a release is opened once. */
  #later(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: Error) => this.told.failed(error.message));
  }

  async #answer(): Promise<void> {
    const answers: PersonaAnswer[] = [];
    for (const [persona, kept] of this.#kept)
      for (const [release, opened] of this.#opened) {
        const replays = await Promise.all(kept.map((decision) => replay(decision, opened)));
        const best = opened.whole.model.decision.trained ? bestOf(replays) : firstOf(replays);
        if (best !== undefined) answers.push({ persona, release, decisions: kept.length, ...best });
      }
    this.answers = answers.sort((a, b) => a.persona.localeCompare(b.persona) || a.release - b.release);
    this.told.changed();
  }
}

/**
 * The promotion of the highest mean value, budget paid, among those that every decision could have shown.
 * @returns undefined where there is none
 */
export function bestOf(
  replays: readonly { values: Replay['values']; budget: Pick<Replay['budget'], 'taken'> }[],
): Pick<PersonaAnswer, 'best' | 'lead'> | undefined {
  const net = (id: string): number =>
    replays.reduce((sum, { values, budget }) => sum + values[id]! - (budget.taken[id] ?? 0), 0) /
    replays.length;
  const everywhere = Object.keys(replays[0]?.values ?? {}).filter((id) =>
    replays.every(({ values }) => values[id] !== undefined),
  );
  const [first, ...others] = everywhere.map((id) => ({ best: id, value: net(id) }));
  if (first === undefined) return undefined;
  const { best, value } = others.reduce((a, b) => (b.value > a.value ? b : a), first);
  return { best, lead: everywhere.includes('none') ? value - net('none') : 0 };
}

/** In first weeks: what most often comes first in the shop's own order. @returns undefined where nobody came */
export function firstOf(
  replays: readonly { budget: Pick<Replay['budget'], 'best'> }[],
): Pick<PersonaAnswer, 'best'> | undefined {
  const counts = new Map<string, number>();
  for (const { budget } of replays) counts.set(budget.best, (counts.get(budget.best) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && { best: most[0] };
}
