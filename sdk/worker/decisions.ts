/** What slots are asked: taken in turn, overridden where a preview says so, recorded for the feedback. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import { MEMORY_LENGTH } from '../../shared/features/digest.ts';
import { isHeldOut } from '../../shared/policy/holdout.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import type { DecideOptions, SlotDecision } from '../api.ts';
import type { AskedSlot } from '../protocol.ts';
import { byDefault, byOverride, byPolicy } from './answer.ts';
import { decideSlot } from './decide.ts';
import { madeUp, randomHex } from './made-up.ts';
import type { Parts } from './parts.ts';

export interface DecisionsOptions {
  /** Once the first release can decide, or none: the parts, with every event so far read. */
  ready(): Promise<Parts>;
  /** Why nothing may be decided now; undefined where it may. */
  refusal(): Promise<string | undefined>;
  /** BCP 47, of the page. */
  locale(): string;
  failed(error: unknown): void;
}

export class Decisions {
  #turn: Promise<unknown> = Promise.resolve();
  #overrides = new Map<string, { action: string; promotion: PublicPromotion | undefined }>();
  #cancelled = new Set<string>();

  constructor(readonly options: DecisionsOptions) {}

  /** In turns: side by side, the first would end hardly before the last. */
  decideAll(asked: readonly AskedSlot[], options: DecideOptions): Promise<SlotDecision[]> {
    const decisions = this.#turn.then(() => this.#decideAll(asked, options));
    this.#turn = decisions.catch(() => undefined);
    return decisions;
  }

  override(slot: string, action: string | null, promotion: PublicPromotion | undefined): void {
    if (action === null) this.#overrides.delete(slot);
    else this.#overrides.set(slot, { action, promotion });
  }

  /** A decision that is still to be made will not be recorded. */
  cancel(id: string): void {
    this.#cancelled.add(id);
  }

  /** One after another: what an earlier slot shows is not eligible in a later one. */
  async #decideAll(asked: readonly AskedSlot[], options: DecideOptions): Promise<SlotDecision[]> {
    const shown = [...(options.shown ?? [])];
    const decisions: SlotDecision[] = [];
    for (const [id, slot] of asked) {
      const decision = await this.#decide(id, slot, { ...options, shown });
      if (decision.action !== NONE_ID) shown.push(decision.action);
      decisions.push(decision);
    }
    return decisions;
  }

  async #decide(id: string, slot: string, options: DecideOptions): Promise<SlotDecision> {
    const { history, feedback, serving, claims, dismissals, learned } = await this.options.ready();
    const override = this.#overrides.get(slot);
    if (override !== undefined)
      return byOverride(id, slot, override, serving.now?.model, this.options.locale());
    const refusal = await this.options.refusal();
    if (refusal !== undefined) return byDefault(id, slot, options, refusal);
    const eligible = options.eligible ?? [NONE_ID, ...serving.now!.model.decision.promotions.keys()];
    const dismissed = [...(options.dismissed ?? []), ...dismissals.ids];
    const asked = {
      id,
      slot,
      options: {
        ...options,
        eligible: claims.offered(eligible).filter((action) => !options.shown?.includes(action)),
        ...(dismissed.length > 0 && { dismissed }),
      },
      history: serving.shown.into(history.recent(MEMORY_LENGTH)),
      ts: Date.now(),
      seed: randomHex(8),
      consented: feedback.consented,
      // A propensity that is sent would tell of it, and the server could not work it out again.
      own: feedback.consented ? undefined : learned.under(serving.now?.model.release.manifest.version),
    };
    const { now } = serving;
    const record = await serving.run(async (model, engine) => {
      const heldOut = await this.#isHeldOut(model.meta.exploration.holdout);
      return decideSlot({ ...asked, heldOut }, model, engine, () => performance.now());
    });
    if (!this.#cancelled.delete(id)) feedback.add(record);
    return byPolicy(record, now!.model, this.options.locale());
  }

  async #isHeldOut(share: number | undefined): Promise<boolean> {
    if (!share) return false;
    const { store } = await this.options.ready();
    return isHeldOut(await madeUp(store, 'salt', this.options.failed), share);
  }
}
