/** What the device keeps, counted from the SDK's own export. */

import type { Consent } from '../api.ts';

/** As much of `exportData()` as the panel reads. */
export interface Exported {
  consent?: Consent;
  durable?: boolean;
  events?: { name: string; ts?: number }[];
  dismissed?: string[];
  decisions?: { id: string; slot: string; ts: number; exposed?: boolean }[];
}

export interface Kept {
  where: 'device' | 'memory' | 'nothing';
  looks: number;
  searches: number;
  purchases: number;
  /** Epoch ms of the oldest event. */
  since: number | undefined;
}

const LOOKS = new Set(['view_item', 'select_item', 'dwell']);

export function keptOf({ consent, durable = false, events = [] }: Exported): Kept {
  const count = (test: (name: string) => boolean): number => events.filter(({ name }) => test(name)).length;
  const times = events.flatMap(({ ts }) => (ts === undefined ? [] : [ts]));
  return {
    where:
      consent?.personalization === 'denied'
        ? 'nothing'
        : durable && consent?.personalization === 'granted'
          ? 'device'
          : 'memory',
    looks: count((name) => LOOKS.has(name)),
    searches: count((name) => name === 'search'),
    purchases: count((name) => name === 'purchase'),
    since: times.length === 0 ? undefined : Math.min(...times),
  };
}
