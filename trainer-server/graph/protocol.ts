/** What crosses between the trainer and its child process. Types only. */

import type { Device } from './device.ts';
import type { Compiled } from './program.ts';

export type Feeds = Record<string, Float32Array | Int32Array>;

/** One group's vectors; `step` counts its updates. */
export interface GroupState {
  parameter: Float32Array;
  first: Float32Array;
  second: Float32Array;
  step: number;
}

export interface TrainingState {
  groups: Record<string, GroupState>;
  /** Steps of the whole training: what dropout masks are drawn from. */
  step: number;
}

export type Request =
  | { kind: 'measure'; device: Device }
  | { kind: 'open'; compiled: Compiled; state: TrainingState; device: Device; threads: number }
  | { kind: 'step'; program: string; feeds: Feeds; learningRate: number }
  | { kind: 'evaluate'; program: string; feeds: Feeds }
  | { kind: 'state' }
  | { kind: 'restore'; state: TrainingState };

export interface StepResult {
  loss: number;
  gradientNorm: number;
  outputs: Record<string, Float32Array>;
}

export type Measured = { kind: 'measured'; flopsPerMs: number };

export type Answer =
  | { kind: 'done' }
  | ({ kind: 'step' } & StepResult)
  | Measured
  /** `peakBytes`: the most memory that the process has held so far. */
  | { kind: 'state'; state: TrainingState; peakBytes: number };

export type ToRunner = { id: number; request: Request };
export type FromRunner = { id: number; answer: Answer } | { id: number; error: string };
