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
  const flush = (): void => tell('flush');
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
      tell('setConsent', said);
      emit('consent', said);
    },
    track(name, props = {}) {
      const ts = Date.now();
      guard(() => {
        // Props may hold functions or elements (GTM's do), which no message can carry.
        const plain = JSON.parse(JSON.stringify(props));
        tell('track', name, plain, ts);
      });
    },
    decide: (slot, options) => edge.decideAll([slot], options).then(([decision]) => decision!),
    async decideAll(slots, options = {}) {
      if (isPreview()) await listening;
      const decisions = await inTime(link, slots, options, options.timeout ?? settings.timeout);
      for (const decision of decisions) emit('decision', decision);
      return decisions;
    },
    recommend: (slot, options = {}) => ask({ items: [] }, 'recommend', slot, options),
    search: (query, options = {}) => ask({ items: [] }, 'search', query, options),
    exposed(id) {
      tell('exposed', id);
      // What is seen first is heard too by listeners in a file of their own.
      listening.then(() => emit('exposure', { id }));
    },
    outcome(outcome) {
      tell('outcome', outcome);
      emit('outcome', outcome);
    },
    async claim(promotion, { subject } = {}) {
      const claim = await ask({ promotion, refused: 'error' }, 'claim', promotion, subject);
      emit('claim', claim);
      return claim;
    },
    visit: () => ask(undefined, 'visit'),
    dismiss: (promotion) => tell('dismiss', promotion),
    explain: (id) => ask(undefined, 'explain', id),
    exportData: () => ask(undefined, 'exportData'),
    forget: () => ask(undefined, 'forget'),
    privacyLedger: () => ask(undefined, 'privacyLedger'),
    requests() {
      const mine = requestsHere(settings.endpoint);
      return ask(mine, 'requests', mine);
    },
    override: (slot, action, promotion) => tell('override', slot, action, promotion),
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
      for (const [id] of asked) tell('cancel', id);
      resolve(byDefault('timeout'));
    }, wait);
    ask(byDefault('error'), 'decideAll', asked, options).then((decisions) => {
      clearTimeout(timer);
      resolve(decisions);
    });
  });
}

/** 128 bits: `crypto.randomUUID` is missing on plain HTTP. */
const newId = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');
