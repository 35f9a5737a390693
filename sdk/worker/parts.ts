/** What a worker is made of, opened side by side: its first moments are all waiting. */

import type { WorkerConfig, WorkerNotice } from '../protocol.ts';
import type { Start } from '../start-worker.ts';
import { Arrivals } from './arrivals.ts';
import { Claims } from './claim.ts';
import { Dismissals } from './dismissals.ts';
import { Feedback } from './feedback.ts';
import { History } from './history.ts';
import { type Learned, openLearned } from './learned.ts';
import { openingStore } from './opening-store.ts';
import type { Prefetched } from './prefetched.ts';
import { Releases } from './release.ts';
import { Reporter } from './reporter.ts';
import { Serving } from './serving.ts';
import { apiStarter } from './start-api.ts';
import { openStore, RETENTION, type Store } from './store.ts';
import { openTabs, type TabWord } from './tabs.ts';
import { openVerifier } from './verifier.ts';

/** Milliseconds by which a first visit puts off making its database: until the first decision is out. */
const MAKING_MS = 100;

export interface Parts {
  store: Store;
  history: History;
  feedback: Feedback;
  releases: Releases;
  serving: Serving;
  arrivals: Arrivals;
  claims: Claims;
  dismissals: Dismissals;
  learned: Learned;
  /** Tells the other tabs. */
  tell(word: TabWord): void;
  reporter: Reporter;
  /** The last known good release has been taken up, or there is none. */
  restored: Promise<void>;
  /** What the page fetched at the start has been taken up, or refused. */
  offered: Promise<void>;
}

export interface PartsOptions {
  /** Whether this device may keep something of ours. */
  visited: boolean;
  prefetched: Prefetched;
  notify(notice: WorkerNotice): void;
  /** A release can decide. */
  installed(): void;
  /** Whether a visit's name may be kept on the device. */
  keeps(): boolean;
  /** Another tab said something. */
  hear(word: TabWord): void;
  /** Starts the SDK's other files. */
  startFile: Start;
  failed(error: unknown): void;
}

export function openParts(
  { siteKey, endpoint, keys, threshold, outcomeMs, ort, adapt }: WorkerConfig,
  { visited, prefetched, notify, installed, keeps, hear, startFile, failed }: PartsOptions,
): Parts {
  const open = (): Promise<Store> => openStore(siteKey, Date.now(), () => releases.keepAgain());
  const opening = visited ? open() : later(open);
  const store = openingStore(opening, !visited);
  const start = apiStarter(endpoint, startFile);
  const serving = new Serving({ endpoint, start, ort, failed });
  const releases = new Releases({
    ...{ siteKey, endpoint, root: { keys, threshold }, now: Date.now, failed },
    store,
    verifier: openVerifier(start),
    have: (sha256) => prefetched.take(sha256),
    install: async (release) => {
      await serving.install(release);
      notify({ notice: 'release', version: release.manifest.version });
    },
    taken: installed,
  });
  const restored = releases.restore();
  const offered = prefetched.manifest.then((text) => (text === undefined ? undefined : releases.offer(text)));
  const feedback = new Feedback({
    ...{ url: `${endpoint}/s/${siteKey}/trajectories`, outcomeMs, store, now: Date.now, failed },
    currency: () => serving.currency,
    batch: (...of) => serving.helper.use((api) => api.trajectories(...of)),
  });
  const tell = openTabs(siteKey, hear);
  const history = new History(store, failed, (event) => tell({ event }));
  const dismissals = new Dismissals(store);
  const learn = () => serving.helper.ask((api) => api.learn(siteKey, Date.now()));
  const learned = openLearned(store, learn, adapt === 'on');
  const arrivals = new Arrivals(history, feedback, failed);
  const claims = new Claims({ url: `${endpoint}/s/${siteKey}`, store, keeps, failed });
  const reporter = new Reporter({
    ...{ url: `${endpoint}/s/${siteKey}/reports`, outcomeMs, releases, now: Date.now, failed },
    helper: serving.helper,
    decisions: () => feedback.all(),
    events: async () => {
      const kept = await store.events(RETENTION.events);
      return kept.length > 0 ? kept : history.recent(RETENTION.events);
    },
  });
  return {
    ...{ store, history, feedback, releases, serving, arrivals, claims, dismissals, learned, reporter },
    ...{ tell, restored, offered },
  };
}

/** A first visit has nothing to read, and a browser takes more time to make a database than this to decide. */
const later = (open: () => Promise<Store>): Promise<Store> =>
  new Promise((opened) => setTimeout(() => opened(open()), MAKING_MS));
