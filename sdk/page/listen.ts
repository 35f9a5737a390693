/**
 * What few pages need and none needs for a first decision, in a file of its own: consent tools, the collectors beside
 * GA4, telling the shop's analytics, and previews. Where it cannot load nothing of it happens: consent stays
 * pending, and nothing is sent.
 */

import type { Consent, PromoEdge } from '../api.ts';
import type { Settings } from '../options.ts';
import { announce } from './announce.ts';
import { enhancedEcommerce } from './collect/enhanced-ecommerce.ts';
import { COLLECTORS, collect } from './collect/index.ts';
import { jsonLd } from './collect/json-ld.ts';
import { segment } from './collect/segment.ts';
import { listenToConsent } from './consent/index.ts';
import { LISTEN, type Listen } from './listen-hook.ts';
import { preview } from './preview.ts';

const MORE = { jsonld: jsonLd, enhancedEcommerce, segment };

const listen: Listen = async (settings: Settings, edge: PromoEdge, consent: () => Consent) => {
  const known = Object.keys({ ...COLLECTORS, ...MORE });
  const unknown = settings.sources.filter((source) => !known.includes(source));
  if (unknown.length > 0)
    console.error(`promo-edge: data-sources: expected ${known.join(', ')}, found ${unknown.join(', ')}`);
  const stops = [
    listenToConsent(settings.consentFrom, edge.setConsent, settings.consent),
    collect(settings.sources, edge.track, MORE),
    settings.announce ? announce(edge, consent) : undefined,
  ];
  await preview(settings, edge, location.hash).catch(console.error);
  return () => {
    for (const stop of stops) stop?.();
  };
};

(globalThis as unknown as Record<string, Listen>)[LISTEN] = listen;
