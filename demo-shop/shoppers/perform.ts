/** A shopper in a frame: walks through the shop, waits until what they agreed to was sent, has everything forgotten. */

import type { PromoEdge } from '../../sdk/index.ts';
import type { KeptDecision } from '../../sdk/inspect/index.ts';
import {
  type Decided,
  OUTCOME_MS,
  type Part,
  type SeatWord,
  type SoFar,
  type VisitReport,
} from '../qa/seat.ts';
import type { App } from '../shop/app.ts';
import { applyConsent } from '../shop/parts/consent.ts';
import { promoEdge } from '../shop/promo-edge.ts';
import { chance } from './driver.ts';
import { inPageDriver, PACES } from './in-page.ts';
import { personaNamed } from './personas.ts';
import { beginVisit, type Visit, visit } from './visit.ts';

/** After the last outcome window, until the device has sent it. */
const SENDING_MS = 8000;
const LOOK_MS = 500;

/** @param tell the page that watches */
export async function perform(app: App, part: Part, tell: (word: SeatWord) => void): Promise<void> {
  try {
    const persona = personaNamed(part.persona);
    tell({ qa: 'walking' });
    app.store.update({
      ...{ cart: [], offers: [], claims: {}, orders: [] },
      ...{ consented: true, personalization: true, measurement: part.shares },
      language: persona.locale === 'zh-CN' ? 'zh' : 'en',
    });
    applyConsent(app);
    const edge = await loaded();
    const going = beginVisit(persona);
    const soFar = listen(edge, app, going, tell);
    await visit(inPageDriver(app.go, PACES[part.pace]), persona, chance(part.seed), going);
    tell({ qa: 'so-far', soFar: soFar() });
    tell({ qa: 'waiting' });
    const kept = await sent(edge, part);
    const { paid: _, ...walked } = going;
    const report: VisitReport = { ...walked, ...kept, ...soFar() };
    await edge.forget();
    app.store.erase();
    tell({ qa: 'left', report });
  } catch (error) {
    tell({ qa: 'failed', message: String(error) });
  }
}

const loaded = (): Promise<PromoEdge> => new Promise((resolve) => promoEdge(resolve));

/** @returns what the visit has come to; told after every decision and claim */
function listen(edge: PromoEdge, app: App, going: Visit, tell: (word: SeatWord) => void): () => SoFar {
  const decisions: Decided[] = [];
  const claims: VisitReport['claims'] = [];
  const made = (): SoFar => {
    const paid = app.state.orders[0]?.total;
    const { looked, returned } = going;
    return { decisions, claims, looked, returned, ...(paid === undefined ? {} : { paid }) };
  };
  const soFar = (): void => tell({ qa: 'so-far', soFar: made() });
  edge.on('decision', ({ id, slot, action, propensity, source, release, ms }) => {
    // These shoppers read every slot that they pass (visit.ts), be their frame on a screen or not.
    edge.exposed(id);
    decisions.push({ slot, action, propensity, source, ms, ...(release === undefined ? {} : { release }) });
    soFar();
  });
  edge.on('claim', ({ promotion, refused }) => {
    claims.push(refused === undefined ? { promotion } : { promotion, refused });
    soFar();
  });
  edge.on('release', ({ version }) => tell({ qa: 'release', release: version }));
  return made;
}

interface Kept {
  events?: unknown[];
  decisions?: (KeptDecision & { consented: boolean; sent: boolean })[];
}

/** Of a visit: enough to see what the next release would have done, and little enough to hand over. */
const KEPT_DECISIONS = 3;

/** Waits for the last outcome window and its sending; not at all where nothing may be sent. */
async function sent(
  edge: PromoEdge,
  { pace, shares }: Part,
): Promise<Pick<VisitReport, 'events' | 'sent' | 'kept'>> {
  const until = Date.now() + (shares ? OUTCOME_MS[pace] + SENDING_MS : 0);
  for (;;) {
    const { events = [], decisions = [] } = ((await edge.exportData()) ?? {}) as Kept;
    const waiting = decisions.filter((decision) => decision.consented && !decision.sent);
    if (waiting.length === 0 || Date.now() >= until)
      return {
        events: events.length,
        sent: decisions.filter((decision) => decision.sent).length,
        kept: decisions.slice(-KEPT_DECISIONS),
      };
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
