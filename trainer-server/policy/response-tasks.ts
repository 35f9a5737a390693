/** Which outcomes of a log are learned, and how each is put so that a convex fit can learn it. */

import type { Task } from './fit-task.ts';
import type { PolicyData } from './policy-data.ts';

export interface ResponseOptions {
  /** Ridge penalty of what all promotions share, in observations. */
  base: number;
  /** Candidates for the penalty of what promotions add, strongest first. */
  own: readonly number[];
  /** Most penalty of a promotion's mean effect, and of its own click logit. */
  mean: number;
  click: number;
  /** Share of zero rewards from which the hurdle pays. */
  hurdleFrom: number;
  /** Fewest clicks, and purchases, that are worth a model. */
  leastClicks: number;
  /** Quantile of the sizes that are not zero beyond which they are cut: one order must not decide alone. */
  cut: number;
}

export const RESPONSE: ResponseOptions = {
  base: 10,
  own: [1000, 300, 100, 30, 10, 3],
  mean: 3,
  click: 30,
  hurdleFrom: 0.5,
  leastClicks: 200,
  cut: 0.995,
};

export interface Tasks {
  click: Task | undefined;
  /** Undefined where most decisions earn something: then `size` is about all of them. */
  happens: Task | undefined;
  size: Task;
  cost: Task | undefined;
  /** What the sizes were multiplied by after the cut, and their unit. */
  sizeUnit: number;
  costUnit: number;
}

export function tasksOf(data: PolicyData, options: ResponseOptions): Tasks {
  const { reward, clicked, spend, count } = data;
  const happened = Float64Array.from(reward, (r) => (r === 0 ? 0 : 1));
  const orders = happened.reduce((sum, x) => sum + x, 0);
  const hurdle = count - orders >= options.hurdleFrom * count && orders > 0;
  const rows = hurdle ? Uint8Array.from(happened) : new Uint8Array(count).fill(1);
  const costly = spend?.some((x) => x !== 0) ?? false;
  const gross = costly ? reward.map((r, i) => r + spend![i]!) : reward;
  const size = tamedSizes(gross, rows, options.cut);
  const clicks = clicked?.reduce((sum, x) => sum + (x === 1 ? 1 : 0), 0) ?? 0;
  const cost = costly ? tamedSizes(spend!, rows, options.cut) : undefined;
  return {
    click:
      clicked === undefined || clicks < options.leastClicks
        ? undefined
        : {
            name: 'click',
            link: 'logit',
            y: Float64Array.from(clicked, (x) => Math.max(0, x)),
            rows: Uint8Array.from(clicked, (x) => (x < 0 ? 0 : 1)),
          },
    happens: hurdle
      ? { name: 'happens', link: 'logit', y: happened, rows: new Uint8Array(count).fill(1) }
      : undefined,
    size: { name: 'size', link: 'identity', y: size.values, rows },
    cost: cost && { name: 'cost', link: 'identity', y: cost.values, rows },
    sizeUnit: size.unit,
    costUnit: cost?.unit ?? 1,
  };
}

/** Cut at a quantile of their sizes and divided by their deviation; `unit` brings them back, the mean unchanged. */
function tamedSizes(
  values: Float64Array,
  rows: Uint8Array,
  cut: number,
): { values: Float64Array; unit: number } {
  const own = values.filter((_, i) => rows[i] === 1);
  const sizes = own.map(Math.abs).sort();
  const most = sizes[Math.min(sizes.length - 1, Math.floor(cut * sizes.length))] ?? 1;
  const tamed = values.map((x) => Math.max(-most, Math.min(most, x)));
  let total = 0;
  let kept = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (rows[i] !== 1) continue;
    total += values[i]!;
    kept += tamed[i]!;
    squares += tamed[i]! ** 2;
  }
  const mean = kept / Math.max(1, own.length);
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, own.length) - mean ** 2)) || 1;
  const restored = kept * total > 0 ? total / kept : 1;
  return { values: tamed.map((x) => x / deviation), unit: deviation * restored };
}
