/** A shopper's copy: everything that this device keeps of them. */

import type { Consent } from '../api.ts';
import type { Parts } from './parts.ts';
import { RETENTION } from './store.ts';

export async function exported(parts: Parts, consent: Consent): Promise<unknown> {
  const { store, history, feedback, releases, serving, dismissals } = parts;
  await history.flush();
  const durable = await store.durable();
  const events = durable && consent.personalization === 'granted';
  return {
    format: 1,
    consent,
    events: events ? await store.events(RETENTION.events) : history.recent(RETENTION.events),
    decisions: await feedback.all(),
    dismissed: dismissals.ids,
    learned: await store.get('own'),
    visitor: await store.get('visitor'),
    release: releases.current?.manifest.version,
    durable,
    privacy: await serving.helper.ask((api) => api.ledger()),
  };
}
