/** What a benchmark is. Each lives in a file of its own; main.ts is their ordered list. */

export interface BenchOptions {
  /** Fewer runs, for a first look. */
  quick: boolean;
  /** Every seed and world. */
  full: boolean;
  /** Where training runs, in benches that train. */
  device: 'auto' | 'cpu' | 'webgpu';
  /** Simulated worlds, in benches that play in several; all where absent. */
  world?: readonly string[];
  /** How many seeds, in benches that draw worlds; their own number where absent. */
  seeds?: number;
  /** A promotion that the log shows four times in five, in benches that learn from logs; alike to others where absent. */
  favourite?: string;
  /** Decisions that are learned from, in benches that learn from logs; their own number where absent. */
  logged?: number;
  /** Promotions besides none, in benches that draw worlds; the simulator's own where absent. */
  promotions?: number;
  /** Promotions are known by their ids alone, in benches that learn from logs. */
  ids?: boolean;
  /** Perturbed twin of each world that policies are valued in, in benches that draw worlds; the world itself where absent. */
  twin?: number;
  /** Simpler policies to measure against, in benches that have a leaderboard; all where absent. */
  against?: readonly string[];
  /** Parts measured, in benches that have several; all where absent. */
  part?: readonly string[];
  /** A line of the human table. */
  say(line: string): void;
}

/** Names carry their unit: p95_ms, bytes_br, steps_per_s, ratio_... */
export type Figures = Record<string, number | string>;

export interface Bench {
  summary: string;
  run(options: BenchOptions): Promise<Figures>;
}
