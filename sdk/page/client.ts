/** The SDK's object on the page: passes everything to the worker, waits for none of it, never throws. */

import type { Remote } from 'comlink';
import type { Consent, ConsentState, Events, PromoEdge, Ready, SlotDecision } from '../api.ts';
import type { Settings } from '../options.ts';
import type { WorkerApi } from '../protocol.ts';
import { collect } from './collect/index.ts';
import { connect, REQUEST } from './connect.ts';
import { defineSlot } from './slot-element.ts';

/** Set by the build. */
declare const VERSION: string;

export function createClient(settings: Settings): PromoEdge {
  const { endpoint, siteKey, debug } = settings;
  const began = performance.now();
  const listeners = new Map<string, Set<(detail: never) => void>>();
  const consent: Consent = { personalization: settings.consent, measurement: 'denied' };

  const emit = <E extends keyof Events>(event: E, detail: Events[E]): void => {
    if (debug) console.warn('promo-edge', event, detail);
    for (const listener of listeners.get(event) ?? []) guard(() => listener(detail as never));
  };
  const failed = (error: unknown): void =>
    emit('error', { message: String((error as Error)?.message ?? error) });
  /** A listener's or a command's exception is the shop's own: it is said, and stops nothing. */
  const guard = (use: () => void): void => {
    try {
      use();
    } catch (error) {
      console.error(error);
    }
  };

  const otherwise =
    <T>(value: T) =>
    (error: unknown): T => {
      failed(error);
      return value;
    };

  const connection = connect(endpoint, ({ notice, ...detail }) => emit(notice, detail as never));
  const remote = connection.then(({ api }) => api);
  /** Fetched while the worker starts: one round trip less before the first decision. */
  const manifest = fetch(`${endpoint}/s/${siteKey}/manifest.json`, {
    ...REQUEST,
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
  })
    .then((response) => (response.ok ? response.text() : undefined))
    .catch(() => undefined);

  const readiness: Promise<Ready> = remote
    .then((api) => {
      manifest.then((text) => api.offer(text)).catch(failed);
      return api.start({
        ...settings,
        consent: effective(consent),
        locale: document.documentElement.lang || navigator.language,
      });
    })
    .catch(otherwise({}))
    .then((ready) => ({ ...ready, ms: performance.now() - began }));
  readiness.then((ready) => emit('ready', ready));

  /** Sends and forgets. */
  const tell = (use: (api: Remote<WorkerApi>) => Promise<unknown>): void =>
    void remote.then(use).catch(failed);
  const ask = <T>(use: (api: Remote<WorkerApi>) => Promise<T>, value: T): Promise<T> =>
    remote.then(use).catch(otherwise(value));

  const flush = (): void => tell((api) => api.flush());
  addEventListener('pagehide', flush);

  const edge: PromoEdge = {
    version: VERSION,
    ready: () => readiness,
    setConsent(change) {
      for (const [purpose, state] of Object.entries(change))
        consent[purpose as keyof Consent] =
          typeof state === 'boolean' ? (state ? 'granted' : 'denied') : (state as ConsentState);
      tell((api) => api.setConsent(effective(consent)));
      emit('consent', effective(consent));
    },
    track(name, props = {}) {
      const ts = Date.now();
      // Props may hold functions or elements (GTM's do), which no message can carry.
      guard(() => {
        const plain = JSON.parse(JSON.stringify(props));
        tell((api) => api.track(name, plain, ts));
      });
    },
    decide(slot, options = {}) {
      const id = newId();
      const wait = options.timeout ?? settings.timeout;
      const byDefault = (code: string): SlotDecision => ({
        id,
        slot,
        source: 'default',
        action: options.fallback ?? 'none',
        propensity: 1,
        values: {},
        reasons: [{ code }],
        ms: wait,
      });
      const late = new Promise<SlotDecision>((resolve) =>
        setTimeout(() => {
          resolve(byDefault('timeout'));
        }, wait),
      );
      return Promise.race([ask((api) => api.decide(id, slot, options), byDefault('error')), late]).then(
        (decision) => {
          if (decision.reasons[0]?.code === 'timeout') tell((api) => api.cancel(id));
          emit('decision', decision);
          return decision;
        },
      );
    },
    recommend: (slot, options = {}) => ask((api) => api.recommend(slot, options), { items: [] }),
    search: (query, options = {}) => ask((api) => api.search(query, options), { items: [] }),
    exposed(id) {
      tell((api) => api.exposed(id));
      emit('exposure', { id });
    },
    outcome(outcome) {
      tell((api) => api.outcome(outcome));
      emit('outcome', outcome);
    },
    explain: (id) => ask((api) => api.explain(id), undefined),
    exportData: () => ask((api) => api.exportData(), undefined),
    forget: () => ask((api) => api.forget(), undefined),
    override: (slot, action) => tell((api) => api.override(slot, action)),
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener as never));
      return () => void set.delete(listener as never);
    },
    destroy() {
      stop();
      removeEventListener('pagehide', flush);
      listeners.clear();
      connection.then(({ close }) => close()).catch(() => undefined);
    },
    push: (command) => guard(() => command(edge)),
  };
  const stop = collect(settings.sources, edge);
  defineSlot(edge, settings);
  return edge;
}

/** Global Privacy Control forbids measurement whatever a consent tool says (https://w3c.github.io/gpc/). */
function effective(consent: Consent): Consent {
  const refused = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
  return refused ? { ...consent, measurement: 'denied' } : { ...consent };
}

/** `crypto.randomUUID` is missing on plain HTTP. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
