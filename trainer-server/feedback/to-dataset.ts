/** What came back, as rows of a data folder: the loop closes here. */

import { shopperFields } from '../../shared/decision.ts';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';
import { eventLine, type Trajectory } from '../../shared/feedback.ts';
import type { ReportedOrder } from '../routes/orders.ts';

/** A line of decisions.jsonl. The reward is left out: it is worked out from the events by the rule of training. */
export function decisionRow(trajectory: Trajectory): Record<string, unknown> {
  const { id, ts, visitor, session, slot, attributes, history, cart, eligible, action, propensity, outcome } =
    trajectory;
  const row = {
    id,
    ts,
    visitor,
    session,
    slot,
    attributes,
    ...shopperFields(trajectory),
    history: history.map(withoutVectors),
    cart,
    eligible,
    action,
    propensity,
    outcome,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/**
 * Lines of events.jsonl: what the visitor did before and after. Trajectories of one visitor overlap; the import's
 * first stage drops the copies.
 */
export function eventRows(trajectory: Trajectory, currency: string): Record<string, unknown>[] {
  const { visitor, history, after } = trajectory;
  return [...history, ...after].map((raw) => {
    const event: BehaviourEvent = { ...readEvent(raw, currency, visitor), visitor };
    return { visitor, ...withoutVectors(eventLine(event, currency)) };
  });
}

/**
 * Without what a device made for itself of products that its release did not know: training has the catalogue, and
 * the copies of an event, of which only some have the vector, must stay equal to be dropped.
 */
function withoutVectors(line: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(line['items'])) return line;
  return { ...line, items: line['items'].map(({ vector: _, ...item }) => item) };
}

/** An order without a customer is a visitor of its own: nothing may join it to behaviour. */
export function orderRow({
  id,
  kind,
  ts,
  customer,
  items,
  value,
  promotion,
}: ReportedOrder): Record<string, unknown> {
  return {
    visitor: customer === undefined ? `order-${id}` : `customer-${customer}`,
    ts,
    name: kind,
    items,
    ...(value === undefined ? {} : { value }),
    ...(promotion === undefined ? {} : { promotion }),
    attributes: { order: id },
  };
}
