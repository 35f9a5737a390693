/** What is kept on the device, behind one small interface: IndexedDB, or memory where there is none. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { SignedRoot } from '../../shared/root.ts';
import type { Seen } from '../../shared/trust.ts';
import type { Learned } from '../protocol.ts';
import { openIndexedDb } from './indexed-db.ts';
import { memoryStore } from './memory-store.ts';
import type { DecisionRecord } from './record.ts';

/** A release as it is kept: the signed manifest's text and its files by SHA-256. */
export interface KeptRelease {
  manifest: string;
  files: Map<string, Uint8Array>;
}

export interface Kept {
  /** The newest manifest ever believed. */
  seen: Seen;
  /** The root documents that lead from the page's pin to the newest root ever believed. */
  roots: readonly SignedRoot[];
  /** For the canary's bucket; never leaves the device. */
  salt: string;
  /** Of the visit that may be going on. */
  grant: string;
  /** Promotions that the shopper is not interested in. */
  dismissed: string[];
  /** What the shopper's own outcomes have taught. */
  own: Learned;
  /** Names this device in consented trajectories; made at consent, erased at its withdrawal. */
  visitor: string;
}

export interface Store {
  /** Whether it outlives the page. */
  durable(): Promise<boolean>;
  /** The last `count` events, oldest first. */
  events(count: number): Promise<BehaviourEvent[]>;
  addEvents(events: readonly BehaviourEvent[]): Promise<void>;
  decisions(): Promise<DecisionRecord[]>;
  putDecisions(records: readonly DecisionRecord[]): Promise<void>;
  get<K extends keyof Kept>(name: K): Promise<Kept[K] | undefined>;
  set<K extends keyof Kept>(name: K, value: Kept[K] | undefined): Promise<void>;
  /** @param wanted SHA-256 of the files to read, by the manifest's text; all of them where absent */
  release(wanted?: (manifest: string) => readonly string[]): Promise<KeptRelease | undefined>;
  /** Manifest and files in one transaction: after a crash there is the old release or the new one, never a mixture. */
  commitRelease(release: KeptRelease): Promise<void>;
  /** Events, decisions and the visitor's name; the release stays. */
  eraseBehaviour(): Promise<void>;
  eraseAll(): Promise<void>;
}

/** What of Kept is behaviour. */
export const BEHAVIOUR = ['visitor', 'dismissed', 'own'] as const satisfies (keyof Kept)[];

/** Retention: the newest this many events and decisions, none older than this. */
export const RETENTION = { events: 2000, decisions: 200, days: 90 };

/** An IndexedDB that has not opened by then (blocked, broken) is done without. */
const PATIENCE_MS = 1000;

/** @param renewed it has been opened once more, perhaps empty */
export async function openStore(siteKey: string, now: number, renewed?: () => void): Promise<Store> {
  try {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('IndexedDB: no answer')), PATIENCE_MS),
    );
    return await Promise.race([openIndexedDb(`promo-edge:${siteKey}`, now, renewed), late]);
  } catch {
    return memoryStore();
  }
}
