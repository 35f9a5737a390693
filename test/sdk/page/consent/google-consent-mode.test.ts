import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConsentChange } from '../../../../sdk/page/consent/consent.ts';
import { googleConsent } from '../../../../sdk/page/consent/google-consent-mode.ts';
import { listenToConsent } from '../../../../sdk/page/consent/index.ts';

/** As gtag pushes: its own arguments. */
function gtag(..._command: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: what gtag.js does
  return arguments;
}

afterEach(() => vi.unstubAllGlobals());

describe('Google Consent Mode', () => {
  it.each<[string, unknown, ConsentChange | undefined]>([
    [
      'the usual default',
      gtag('consent', 'default', {
        ad_storage: 'denied',
        ad_user_data: 'denied',
        ad_personalization: 'denied',
        analytics_storage: 'denied',
        wait_for_update: 500,
      }),
      { personalization: false, measurement: false, reports: false },
    ],
    [
      'analytics alone',
      gtag('consent', 'update', { analytics_storage: 'granted' }),
      { measurement: true, reports: true },
    ],
    [
      "a shop's own recommendations above advertising's",
      gtag('consent', 'update', { personalization_storage: 'granted', ad_personalization: 'denied' }),
      { personalization: true },
    ],
    [
      'a yes for some regions',
      gtag('consent', 'default', { analytics_storage: 'granted', region: ['US-CA'] }),
      undefined,
    ],
    [
      'a no for some regions',
      gtag('consent', 'default', { analytics_storage: 'denied', region: ['FR'] }),
      { measurement: false, reports: false },
    ],
    [
      'advertising storage, which is not ours',
      gtag('consent', 'update', { ad_storage: 'granted' }),
      undefined,
    ],
    ['an event', gtag('event', 'consent', {}), undefined],
    ['what is no command', { event: 'consent' }, undefined],
    ['null', null, undefined],
  ])('%s', (_what, entry, change) => {
    expect(googleConsent(entry)).toEqual(change);
  });

  it('is read from before and after, in its order', () => {
    const layer = [gtag('consent', 'default', { analytics_storage: 'denied' })];
    vi.stubGlobal('dataLayer', layer);
    const said: ConsentChange[] = [];
    const stop = listenToConsent('googleConsentMode', (change) => said.push(change), 'granted');
    layer.push(gtag('event', 'page_view'), gtag('consent', 'update', { analytics_storage: 'granted' }));
    stop();
    layer.push(gtag('consent', 'update', { analytics_storage: 'denied' }));
    expect(said.map(({ reports }) => reports)).toEqual([false, true]);
    expect(layer).toHaveLength(4);
  });
});
