/**
 * A seat: a frame of the real shop under an origin of its own (`fast-3.localhost`), so that shoppers share no storage.
 * What its address says, and what it says to the page that opened it.
 */

import type { KeptDecision } from '../../sdk/inspect/index.ts';
import type { Visit } from '../shoppers/visit.ts';

export const SEAT_PACES = ['real', 'fast'] as const;
export type SeatPace = (typeof SEAT_PACES)[number];

/** After a decision, how long what follows counts: a shop's half hour is nothing to watch. */
export const OUTCOME_MS: Record<SeatPace, number> = { real: 60_000, fast: 10_000 };

/** The pace of the seat that a page is served to; undefined for the shop itself. @param host of the request */
export function seatOf(host: string | undefined): SeatPace | undefined {
  const name = /^(real|fast)-\d{1,2}\.localhost(:\d+)?$/.exec(host ?? '')?.[1];
  return name as SeatPace | undefined;
}

/** Who walks through it. */
export interface Part {
  persona: string;
  seed: number;
  pace: SeatPace;
  /** Whether they agree that decisions and what followed are sent. */
  shares: boolean;
}

export function seatAddress(
  { protocol, port }: Pick<Location, 'protocol' | 'port'>,
  seat: number,
  part: Part,
): string {
  const host = `${part.pace}-${seat}.localhost${port === '' ? '' : `:${port}`}`;
  const query = new URLSearchParams({
    shopper: part.persona,
    seed: `${part.seed}`,
    ...(part.shares && { shares: '1' }),
  });
  return `${protocol}//${host}/?${query}`;
}

/** @returns undefined for a page that is no seat */
export function partOf({ host, search }: Pick<Location, 'host' | 'search'>): Part | undefined {
  const query = new URLSearchParams(search);
  const [pace, persona] = [seatOf(host), query.get('shopper')];
  if (pace === undefined || persona === null) return undefined;
  return { persona, pace, seed: Number(query.get('seed')), shares: query.has('shares') };
}

/** Of a decision, what the page counts. */
export interface Decided {
  slot: string;
  action: string;
  propensity: number;
  source: string;
  release?: number;
  ms: number;
}

/** Everything that one visit came to. */
export interface VisitReport extends Omit<Visit, 'paid'> {
  decisions: Decided[];
  claims: { promotion: string; refused?: string }[];
  /** What the order came to, minor units. */
  paid?: number;
  /** Kept on the shopper's device. */
  events: number;
  /** Decisions that the device sent to the trainer. */
  sent: number;
  /** The last decisions, as the device kept them: what any release can be asked again. */
  kept: KeptDecision[];
}

/** What is known of a visit that is still going on: a shopper who has bought is not yet gone. */
export type SoFar = Pick<VisitReport, 'decisions' | 'claims' | 'looked' | 'returned' | 'paid'>;

/** `walking`: at the shop. `waiting`: until what they consented to has been sent. `left`: nothing of them is kept. */
export type SeatWord =
  | { qa: 'walking' | 'waiting' }
  | { qa: 'so-far'; soFar: SoFar }
  | { qa: 'release'; release: number }
  | { qa: 'left'; report: VisitReport }
  | { qa: 'failed'; message: string };

/** In a frame: the page that watches, and nobody else, is told. */
export const teller =
  ({ protocol, port }: Pick<Location, 'protocol' | 'port'>) =>
  (word: SeatWord): void =>
    parent.postMessage(word, `${protocol}//localhost${port === '' ? '' : `:${port}`}`);
