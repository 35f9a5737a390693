/** Learning rates over a run: a function of the step, from 0. */

export interface Schedule {
  /** Rate after warm-up. */
  peak: number;
  /** Steps of the whole run. */
  steps: number;
  /** Steps of linear warm-up from 0. */
  warmup: number;
  /** Rate at the end, as a share of the peak. */
  final: number;
  /** Half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983) or a straight line, down to the final rate. */
  shape: 'cosine' | 'linear' | 'constant';
}

export const SCHEDULE: Omit<Schedule, 'peak' | 'steps'> = { warmup: 0, final: 0, shape: 'cosine' };

/** The rate of a step; beyond the run's end it stays at the final rate. */
export function learningRate(
  schedule: Pick<Schedule, 'peak' | 'steps'> & Partial<Schedule>,
  step: number,
): number {
  const { peak, steps, warmup, final, shape } = { ...SCHEDULE, ...schedule };
  if (step < warmup) return (peak * (step + 1)) / warmup;
  if (shape === 'constant') return peak;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  const left = shape === 'cosine' ? (1 + Math.cos(Math.PI * progress)) / 2 : 1 - progress;
  return peak * (final + (1 - final) * left);
}
