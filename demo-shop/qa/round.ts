/** What one turn of the loop says of itself: sent by the shop's server, drawn by the page `/qa`. */

export const WORLDS = ['stationary', 'drifting', 'seasonal', 'discount-trained'] as const;

/** The release that runs, or a shop's first weeks over again: see `train --first-weeks`. */
export const STARTS = ['running', 'first-weeks'] as const;

export interface RoundOrder {
  /** What the round begins from, and must beat. */
  from: (typeof STARTS)[number];
  /** Simulated shoppers beside those that came through the shop; 0 for none. */
  crowd: number;
  /** How the crowd responds to promotions: see trainer-server/simulate. */
  world: (typeof WORLDS)[number];
  /** Longest time of training. */
  seconds: number;
}

/** In this order. `begin`: first weeks are published; only where the round begins from them. */
export const STEPS = ['begin', 'crowd', 'import', 'train', 'release'] as const;
export type Step = (typeof STEPS)[number];

export interface RoundState {
  number: number;
  order: RoundOrder;
  /** Where it is; undefined once it has ended. */
  step: Step | undefined;
  /** Newest last. */
  lines: string[];
  /** Decisions to learn from: of consenting devices, and of the crowd. */
  decisions?: { devices: number; crowd: number };
  verdict?: Verdict;
  /** Why it ended without a release. */
  refused?: string;
  /** The first weeks that it began with. */
  began?: number;
  /** What it published. */
  release?: number;
  /** It was broken off, with its server, and has been taken up again. */
  resumed?: true;
  seconds: number;
  /** `seconds` when the step that it is at began. */
  stepBegan?: number;
  /** Seconds of each step that has ended. */
  took: Partial<Record<Step, number>>;
}

/** Of the evidence gate, as the manifest carries it; values in the log's own unit, a decision. */
export interface Verdict {
  shipped: boolean;
  against: string;
  value?: number;
  low?: number;
  high?: number;
  minimumDetectableEffect?: number;
  reasons: string[];
}

export interface TrainerState {
  release: number;
  trajectories: number;
  orders: number;
  verdict?: Verdict;
}

export interface LoopState {
  /** Undefined while the trainer does not answer. */
  trainer: TrainerState | undefined;
  /** The one that runs, or the last one. */
  round: RoundState | undefined;
}
