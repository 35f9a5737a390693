/** What decides and ranks now: a release's model, the engine that runs it, the helper that holds the whole of it. */

import type { RemoteObject } from 'comlink';
import { defined } from '../../shared/defined.ts';
import type { Engine } from '../../shared/engine.ts';
import { BadInput } from '../../shared/errors.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { itemsOf } from '../../shared/event.ts';
import type { DecisionExplanation } from '../../shared/explain/explain-decision.ts';
import { toMajor } from '../../shared/money.ts';
import type { Recommendation } from '../api.ts';
import { knows, type Model, openModel } from '../model.ts';
import type { Beside, HelperApi } from '../protocol.ts';
import { openEngine } from './engines.ts';
import { Helper } from './helper.ts';
import type { DecisionRecord } from './record.ts';
import type { Release } from './release.ts';
import { ShownVectors } from './shown.ts';
import type { StartApi } from './start-api.ts';

export interface ServingOptions {
  endpoint: string;
  /** Starts the helper. */
  start: StartApi;
  /** ONNX Runtime, where the release brings graphs for it. */
  ort: boolean;
  failed(error: unknown): void;
}

/** Milliseconds that a better engine has for a decision before the kernels decide instead. A page waits 200. */
const LATE_MS = 50;

interface Now {
  model: Model;
  engine: Engine;
  /** Tier 0, which stays ready behind a better engine. */
  basic: Engine;
}

export class Serving {
  /** Undefined while there is no release, or where it is switched off. */
  now: Now | undefined;
  /** The shop's, of the newest release that said it: what waits to be sent is counted in it, also once that is off. */
  currency: string | undefined;
  readonly helper: Helper;
  readonly knows = (sku: string): boolean => this.now !== undefined && knows(this.now.model, sku);
  readonly shown = new ShownVectors(this.knows, (products) =>
    this.#whenWhole((api) => api.vectors(products), []),
  );
  /** The release that the helper has in full; loading it is what ranking waits for. */
  #ranking: Promise<unknown> | undefined;

  constructor(readonly options: ServingOptions) {
    this.helper = new Helper(options.endpoint, options.start);
  }

  /** @throws where its content does not make a model: what serves goes on serving */
  async install(release: Release): Promise<void> {
    if (release.manifest.mode === 'off') {
      this.#swap(undefined);
      return;
    }
    const model = openModel(release);
    const engine = await openEngine(model, this.helper);
    this.#swap({ model, engine, basic: engine });
  }

  /**
   * Runs on the engine of the moment; on tier 0 where that one is late or fails.
   * @param use has no effect but its result: it may run twice
   * @throws what it throws on tier 0
   */
  run<T>(use: (model: Model, engine: Engine) => Promise<T>): Promise<T> {
    const { model, engine, basic } = this.now!;
    if (engine === basic) return use(model, basic);
    return new Promise((resolve, reject) => {
      const instead = (): Promise<void> => use(model, basic).then(resolve, reject);
      const timer = setTimeout(instead, LATE_MS);
      use(model, engine)
        .then(resolve, (error) => {
          if (error instanceof BadInput) return reject(error);
          this.#stepDown(error);
          return instead();
        })
        .finally(() => clearTimeout(timer));
    });
  }

  /**
   * Gives the helper what it lacks: a release that is here in full. Runs on the clock, also where a helper has died:
   * to fetch its file again at a shopper's act would tell of the act.
   */
  async assist(): Promise<void> {
    const { now } = this;
    if (now === undefined || this.#ranking !== undefined) return;
    const { manifest, files } = now.model.release;
    if (files.size === manifest.files.length) await this.#hand(now);
  }

  /** @param general nothing is asked about one product, beside which what sells well would be beside the point */
  recommend(
    history: readonly BehaviourEvent[],
    k: number,
    general: boolean,
    beside?: Beside,
  ): Promise<Recommendation> {
    const otherwise = general && this.now ? popular(this.now.model, history, k) : { items: [] };
    return this.#whenWhole((api) => api.recommend(history, k, beside), otherwise);
  }

  search(query: string, k: number): Promise<Recommendation> {
    return this.#whenWhole((api) => api.search(query, k), { items: [] });
  }

  /** Undefined until the helper has the release, and where the decision was another release's. */
  async explain({ request, decision, release }: DecisionRecord): Promise<DecisionExplanation | undefined> {
    if (this.now?.model.release.manifest.version !== release) return undefined;
    return this.#whenWhole((api) => api.explain(request, decision.action), undefined);
  }

  /** What the helper says once it has the whole release; `otherwise` where it has none of it yet, or is gone. */
  async #whenWhole<T>(work: (api: RemoteObject<HelperApi>) => Promise<T>, otherwise: T): Promise<T> {
    if (this.#ranking === undefined) return otherwise;
    try {
      await this.#ranking;
      return await this.helper.use(work);
    } catch (error) {
      this.#stepDown(error);
      return otherwise;
    }
  }

  #swap(next: Now | undefined): void {
    this.now?.basic.dispose();
    this.now = next;
    this.currency = next?.model.meta.shop.currency ?? this.currency;
    this.#ranking = undefined;
    this.shown.clear();
  }

  /** Gives the helper the whole release and, where asked, goes on to tier 1. Tier 0 goes on where that fails. */
  async #hand(now: Now): Promise<void> {
    const kind = now.basic.tier === 'js' ? 'js' : this.options.ort ? 'ort' : undefined;
    const load = this.helper.engine(now.model.release, kind);
    this.#ranking = load;
    try {
      now.engine = (await load) ?? now.basic;
    } catch (error) {
      this.#stepDown(error);
    }
  }

  /** The helper is gone: tier 0 and what can be had without it, until the clock brings another one. */
  #stepDown(error: unknown): void {
    this.#ranking = undefined;
    if (this.now !== undefined) this.now.engine = this.now.basic;
    this.options.failed(error);
  }
}

/** Before the recommender's tables are here: the most visited products, which come first, and unseen ones. */
function popular({ products, meta }: Model, history: readonly BehaviourEvent[], k: number): Recommendation {
  const { sku, available, price, title } = products;
  const seen = new Set(history.flatMap((event) => itemsOf(event).map((item) => item.sku)));
  const items: Recommendation['items'] = [];
  for (let row = 0; row < sku.length && items.length < k; row++) {
    if (available?.[row] === 0 || seen.has(sku[row]!)) continue;
    items.push(
      defined({
        sku: sku[row]!,
        score: 1 / (row + 1),
        title: title?.[row],
        price: price[row] == null ? undefined : toMajor(price[row]!, meta.shop.currency),
      }),
    );
  }
  return { items };
}
