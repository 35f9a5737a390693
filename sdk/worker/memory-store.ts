/** A store that lasts as long as the page: private windows, blocked or broken IndexedDB, consent still pending. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { DecisionRecord } from './record.ts';
import type { Kept, KeptRelease, Store } from './store.ts';
import { BEHAVIOUR, RETENTION } from './store.ts';

export function memoryStore(): Store {
  let events: BehaviourEvent[] = [];
  let decisions = new Map<string, DecisionRecord>();
  let kept: Partial<Kept> = {};
  let release: KeptRelease | undefined;
  return {
    durable: async () => false,
    events: async (count) => events.slice(-count),
    addEvents: async (more) => {
      events = [...events, ...more].slice(-RETENTION.events);
    },
    decisions: async () => [...decisions.values()],
    putDecisions: async (records) => {
      for (const record of records) decisions.set(record.id, record);
      decisions = new Map([...decisions].slice(-RETENTION.decisions));
    },
    get: async (name) => kept[name] as never,
    set: async (name, value) => {
      if (value === undefined) delete kept[name];
      else kept[name] = value;
    },
    release: async (wanted) => {
      if (release === undefined || wanted === undefined) return release;
      const { manifest, files } = release;
      const only = new Set(wanted(manifest));
      return { manifest, files: new Map([...files].filter(([sha256]) => only.has(sha256))) };
    },
    commitRelease: async (next) => {
      release = next;
    },
    eraseBehaviour: async () => {
      events = [];
      decisions.clear();
      for (const key of BEHAVIOUR) delete kept[key];
    },
    eraseAll: async () => {
      events = [];
      decisions.clear();
      kept = {};
      release = undefined;
    },
  };
}
