/** What the device knows, asked of the SDK's public API alone. */

import type { Consent, Explanation, PromoEdge, Ready } from '../../sdk/index.ts';

/** As much of `exportData()` as is shown; its other fields are kept for the download. */
interface Exported {
  consent?: Consent;
  events?: {
    ts?: number;
    name: string;
    sku?: string;
    query?: string;
    items?: { sku: string }[];
    promotion?: string;
  }[];
  decisions?: { id: string }[];
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
  decisions: Explanation[];
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
  const latest = decisions.slice(-SHOWN_DECISIONS).map(({ id }) => edge.explain(id));
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
      .map(({ ts, name, sku, query, items, promotion }) => ({
        ts,
        name,
        about: query ?? promotion ?? sku ?? (items ?? []).map((item) => item.sku).join(', '),
      })),
  };
}

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
