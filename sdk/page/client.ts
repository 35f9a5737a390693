/** The SDK's object on the page: passes everything to the worker, waits for none of it, never throws. */

import type { Consent, DecideOptions, PromoEdge, SlotDecision } from '../api.ts';
import type { Settings } from '../options.ts';
import { requestsHere } from '../requests.ts';
import { collect } from './collect/index.ts';
import { changed, unspoken } from './consent/consent.ts';
import { createEmitter, guard } from './emitter.ts';
import { type Link, openLink } from './link.ts';
import { isPreview, listenMore } from './listen-hook.ts';
import { defineSlot } from './slot-element.ts';

/** Set by the build. */
declare const VERSION: string;

export function createClient(settings: Settings): PromoEdge {
  const emitter = createEmitter(settings.debug);
  const { emit } = emitter;
  let consent: Consent = unspoken(settings);
  const locale = document.documentElement.lang || navigator.language;
  const link = openLink(() => ({ ...settings, consent, locale }), emitter);
  const { ask, tell } = link;
  const flush = (): void => tell((api) => api.flush());
  addEventListener('pagehide', flush);

  // Said here or, heard by the worker, in another tab.
  emitter.on('consent', (said) => {
    consent = said;
  });

  const edge: PromoEdge = {
    version: VERSION,
    on: emitter.on,
    ready: () => link.readiness,
    setConsent(change) {
      const said = changed(consent, change);
      tell((api) => api.setConsent(said));
      emit('consent', said);
    },
    track(name, props = {}) {
      const ts = Date.now();
      guard(() => {
        // Props may hold functions or elements (GTM's do), which no message can carry.
        const plain = JSON.parse(JSON.stringify(props));
        tell((api) => api.track(name, plain, ts));
      });
    },
    decide: (slot, options) => edge.decideAll([slot], options).then(([decision]) => decision!),
    async decideAll(slots, options = {}) {
      if (isPreview()) await listening;
      const decisions = await inTime(link, slots, options, options.timeout ?? settings.timeout);
      for (const decision of decisions) emit('decision', decision);
      return decisions;
    },
    recommend: (slot, options = {}) => ask((api) => api.recommend(slot, options), { items: [] }),
    search: (query, options = {}) => ask((api) => api.search(query, options), { items: [] }),
    exposed(id) {
      tell((api) => api.exposed(id));
      // What is seen first is heard too by listeners in a file of their own.
      listening.then(() => emit('exposure', { id }));
    },
    outcome(outcome) {
      tell((api) => api.outcome(outcome));
      emit('outcome', outcome);
    },
    async claim(promotion, { subject } = {}) {
      const claim = await ask((api) => api.claim(promotion, subject), { promotion, refused: 'error' });
      emit('claim', claim);
      return claim;
    },
    visit: () => ask((api) => api.visit(), undefined),
    dismiss: (promotion) => tell((api) => api.dismiss(promotion)),
    explain: (id) => ask((api) => api.explain(id), undefined),
    exportData: () => ask((api) => api.exportData(), undefined),
    forget: () => ask((api) => api.forget(), undefined),
    privacyLedger: () => ask((api) => api.privacyLedger(), undefined),
    requests: () =>
      ask((api) => api.requests(), []).then((theirs) =>
        [...requestsHere().filter(({ url }) => url.startsWith(settings.endpoint)), ...theirs].sort(
          (a, b) => a.at - b.at,
        ),
      ),
    override: (slot, action, promotion) => tell((api) => api.override(slot, action, promotion)),
    destroy() {
      stop();
      listening.then((stop) => stop?.());
      removeEventListener('pagehide', flush);
      emitter.clear();
      link.close();
    },
    push: (command) => guard(() => command(edge)),
  };
  const stop = collect(settings.sources, edge.track);
  const listening = listenMore(settings, edge, () => consent).catch(console.error);
  defineSlot(edge, settings);
  return edge;
}

/** The worker's decisions, or the default ones after `wait` ms. */
function inTime(
  { ask, tell }: Link,
  slots: readonly string[],
  options: DecideOptions,
  wait: number,
): Promise<SlotDecision[]> {
  const asked = slots.map((slot) => [newId(), slot] as const);
  const byDefault = (code: string): SlotDecision[] =>
    asked.map(([id, slot]) => ({
      id,
      slot,
      source: 'default',
      action: options.fallback ?? 'none',
      propensity: 1,
      values: {},
      reasons: [{ code }],
      ms: wait,
    }));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const [id] of asked) tell((api) => api.cancel(id));
      resolve(byDefault('timeout'));
    }, wait);
    ask((api) => api.decideAll(asked, options), byDefault('error')).then((decisions) => {
      clearTimeout(timer);
      resolve(decisions);
    });
  });
}

/** `crypto.randomUUID` is missing on plain HTTP. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
