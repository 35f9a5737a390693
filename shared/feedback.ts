/** Consented trajectories: what an opted-in device sends, and nothing else ever does. */

import * as v from 'valibot';
import type { DecisionRequest } from './decision.ts';
import type { BehaviourEvent } from './event.ts';
import { toMajor } from './money.ts';

/** Longest batch a device sends and a server takes. */
export const LARGEST_BATCH = 50;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const share = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));

/**
 * A line of `decisions.jsonl` (major units, `dwell_ms`) with what a server needs to replay it: release, feature
 * version and seed give the same probabilities and the same draw, or the line is a forgery.
 */
export const trajectorySchema = v.object({
  id,
  ts: v.number(),
  /** Made up at consent, forgotten at its withdrawal; joins one device's decisions and nothing else. */
  visitor: id,
  session: v.optional(id),
  slot: v.optional(v.string()),
  attributes: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  segments: v.optional(v.pipe(v.array(id), v.maxLength(100))),
  locale: v.optional(id),
  dismissed: v.optional(v.pipe(v.array(v.string()), v.maxLength(200))),
  /** As `events.jsonl` carries events, oldest first; what the features read. */
  history: v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(256)),
  cart: v.optional(v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(100))),
  eligible: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(200)),
  action: v.string(),
  propensity: share,
  /** Version of the manifest that decided. */
  release: v.pipe(v.number(), v.integer()),
  featureVersion: v.pipe(v.number(), v.integer()),
  /** Of the random stream that drew the action. */
  seed: id,
  tier: v.string(),
  /** Whether the shopper saw it. */
  exposed: v.boolean(),
  /** Events that followed, as `events.jsonl` carries them, and what the shop reported. */
  after: v.pipe(v.array(v.record(v.string(), v.unknown())), v.maxLength(200)),
  outcome: v.optional(v.record(v.string(), v.unknown())),
});

export const trajectoryBatchSchema = v.object({
  format: v.literal(1),
  trajectories: v.pipe(v.array(trajectorySchema), v.minLength(1), v.maxLength(LARGEST_BATCH)),
});

export type Trajectory = v.InferOutput<typeof trajectorySchema>;
export type TrajectoryBatch = v.InferOutput<typeof trajectoryBatchSchema>;

/** An event as files carry it: the inverse of `readEvent`, without the visitor, whom the line names once. */
export function eventLine(event: BehaviourEvent, currency: string): Record<string, unknown> {
  const { visitor: _, value, items, dwellMs, ...rest } = event;
  return {
    ...rest,
    ...(value === undefined ? {} : { value: toMajor(value, currency) }),
    ...(items === undefined ? {} : { items: itemLines(items, currency) }),
    ...(dwellMs === undefined ? {} : { dwell_ms: dwellMs }),
  };
}

/** A cart's or an event's lines as files carry them. */
export function itemLines(
  items: NonNullable<DecisionRequest['cart']>,
  currency: string,
): Record<string, unknown>[] {
  return items.map((item) =>
    item.price === undefined ? { ...item } : { ...item, price: toMajor(item.price, currency) },
  );
}
