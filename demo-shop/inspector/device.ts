/** What the device knows, asked of the SDK's public API alone. */

import type { Consent, Explanation, PromoEdge, Ready } from '../../sdk/index.ts';
import type { KeptDecision } from '../../sdk/inspect/index.ts';

type Event = KeptDecision['request']['history'][number];

/** A decision as it is explained now, and as it was kept: what it can be replayed from. */
export interface Inspected extends Explanation {
  kept: KeptDecision;
}

/** As much of `exportData()` as is shown; its other fields are kept for the download. */
interface Exported {
  consent?: Consent;
  events?: Event[];
  decisions?: KeptDecision[];
  dismissed?: string[];
  release?: number;
  durable?: boolean;
}

export interface Device {
  ready: Ready;
  consent: Consent;
  durable: boolean;
  /** Promotions that the shopper is not interested in. */
  dismissed: string[];
  /** Newest first. */
  decisions: Inspected[];
  /** Newest first: when, which act, on what. */
  events: { ts: number | undefined; name: string; about: string }[];
}

const SHOWN_DECISIONS = 20;
const SHOWN_EVENTS = 60;

export async function readDevice(edge: PromoEdge): Promise<Device> {
  const ready = await edge.ready();
  const {
    consent,
    events = [],
    decisions = [],
    dismissed = [],
    release,
    durable = false,
  } = ((await edge.exportData()) ?? {}) as Exported;
  const latest = decisions.slice(-SHOWN_DECISIONS).map(async (kept) => {
    const explained = await edge.explain(kept.id);
    return explained && { ...explained, kept };
  });
  const explained = (await Promise.all(latest)).filter((one) => one !== undefined);
  return {
    ready: { ...ready, ...(release === undefined ? {} : { release }) },
    consent: consent ?? { personalization: 'pending', measurement: 'pending', reports: 'pending' },
    durable,
    dismissed,
    decisions: explained.sort((a, b) => b.ts - a.ts),
    events: events
      .slice(-SHOWN_EVENTS)
      .reverse()
      .map((event) => ({ ts: event.ts, name: event.name, about: aboutOf(event) })),
  };
}

const aboutOf = ({ sku, query, items, promotion }: Event): string =>
  query ?? promotion ?? sku ?? (items ?? []).map((item) => item.sku).join(', ');

const SHOWN_ATTENTION = 5;

/** Where the session encoder looked most: shares of 1. */
export const attentionBars = ({ why, kept }: Inspected): Stretch[] =>
  (why?.attention ?? []).slice(0, SHOWN_ATTENTION).map(({ event, share }) => {
    const { history } = kept.request;
    const seen = history[event]!;
    return { label: `${seen.name} ${aboutOf(seen)}`, value: share, from: 0, width: share };
  });

/** A value as a bar: where it begins and how far it goes, of the scale's width, 0 to 1. Values may be negative. */
export interface Stretch {
  label: string;
  value: number;
  from: number;
  width: number;
}

export interface Bar extends Stretch {
  /** Of 1, under the policy that drew; absent where it was not drawn. */
  probability: number | undefined;
  chosen: boolean;
}

/** Values as bars on one scale that holds zero, best first. */
export function barsOf({ values, eligible = [], probabilities = [], action }: Explanation): Bar[] {
  return stretches(Object.entries(values)).map((bar) => ({
    ...bar,
    probability: eligible.includes(bar.label) ? probabilities[eligible.indexOf(bar.label)] : undefined,
    chosen: bar.label === action,
  }));
}

/** What each group of facts adds to the lead, most first. */
export const contributionBars = ({ contributions }: NonNullable<Explanation['why']>): Stretch[] =>
  stretches(contributions.map(({ fact, value }) => [fact, value]));

function stretches(entries: readonly (readonly [string, number])[]): Stretch[] {
  const low = Math.min(0, ...entries.map(([, value]) => value));
  const high = Math.max(0, ...entries.map(([, value]) => value));
  const scale = high - low || 1;
  return [...entries]
    .sort(([, a], [, b]) => b - a)
    .map(([label, value]) => ({
      label,
      value,
      from: (Math.min(0, value) - low) / scale,
      width: Math.abs(value) / scale,
    }));
}
