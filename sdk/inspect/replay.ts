/** A past decision decided again, from what the device kept of it: the same request, seed and release. */

import { argmax } from '../../shared/choose.ts';
import { decide, weigh } from '../../shared/decide.ts';
import { CONTEXT_GROUPS } from '../../shared/features/context.ts';
import { digestOf } from '../../shared/features/digest.ts';
import { uniform } from '../../shared/random.ts';
import type { Model } from '../model.ts';
import type { DecisionRecord } from '../worker/record.ts';
import { unitOf } from './feature-unit.ts';
import type { Opened, OpenedRelease } from './open-release.ts';

/** As `exportData().decisions` has them. */
export type KeptDecision = Pick<DecisionRecord, 'id' | 'request' | 'decision' | 'seed' | 'release' | 'tier'>;

/** A number that entered the decision. */
export interface EnteredFeature {
  group: string;
  name: string;
  value: number;
  /** What the number measures, as a formula or a range. */
  unit: string;
}

/** What scarcity of budget did to the choice; values in the log's own unit. */
export interface BudgetEffect {
  /** Lambda, per unit of the release's own scale of costs. */
  price: number;
  /** Taken off the value of each promotion that costs budget: lambda times its cost. */
  taken: Record<string, number>;
  /** The best at no price and at this one. */
  bestFree: string;
  best: string;
}

export interface Replay {
  release: number;
  action: string;
  propensity: number;
  /** By promotion. */
  values: Record<string, number>;
  /** The same promotion, with the same probability to four digits. */
  same: boolean;
  /** Largest difference of a value from what was kept. */
  largest: number;
  /** Which files decide so: those of a new visitor's first decision know the most visited products alone. */
  files: 'whole' | 'first';
  features: EnteredFeature[];
  budget: BudgetEffect;
}

/** Kernels and plain JavaScript differ in the last digits of a float. */
const SAME_PROPENSITY = 1e-4;

/** Under another release than its own it says what that one would have done. */
export async function replay(kept: KeptDecision, { whole, first, version }: OpenedRelease): Promise<Replay> {
  const { own: _own, ...request } = kept.request;
  // What the device had learned was learned under the release that decided.
  const asked = kept.release === version ? kept : { ...kept, request };
  const attempts = [
    { files: 'whole', ...(await again(asked, whole)) } as const,
    { files: 'first', ...(await again(asked, first)) } as const,
  ];
  // The record does not say which files were there: the ones that come closest were.
  const nearest = attempts[1]!.largest < attempts[0]!.largest ? attempts[1]! : attempts[0]!;
  const { model, engine } = nearest.files === 'whole' ? whole : first;
  return {
    release: version,
    ...nearest,
    features: featuresOf(kept, model),
    budget: await budgetOf(asked, { model, engine }),
  };
}

async function again({ request, decision, seed }: KeptDecision, { model, engine }: Opened) {
  const made = await decide(request, model.decision, engine, { random: uniform(seed), clock: () => 0 });
  const { action, propensity, values } = made;
  const differences = Object.entries(values).map(([id, value]) =>
    Math.abs(value - (decision.values[id] ?? Number.NaN)),
  );
  const known = differences.filter((difference) => !Number.isNaN(difference));
  return {
    ...{ action, propensity, values },
    same: action === decision.action && Math.abs(propensity - decision.propensity) < SAME_PROPENSITY,
    largest: Math.max(0, ...known),
  };
}

/** Those that are not 0: an absent fact says nothing. */
function featuresOf({ request }: KeptDecision, { decision }: Model): EnteredFeature[] {
  const digest = digestOf(request, decision);
  return CONTEXT_GROUPS.flatMap((group) => {
    const names = group.names(decision.spec);
    return group
      .values(digest)
      .map((value, i) => ({ group: group.name, name: names[i]!, value, unit: unitOf(group.name, names[i]!) }))
      .filter(({ value }) => value !== 0);
  });
}

async function budgetOf({ request }: KeptDecision, { model, engine }: Opened): Promise<BudgetEffect> {
  const { budgetPrice: price, budgetCost } = model.decision;
  const { candidates, q, net } = await weigh(request, model.decision, engine);
  const name = (at: number): string => candidates[at]?.id ?? 'none';
  const costly = candidates.filter(({ id }) => price * (budgetCost[id] ?? 0) !== 0);
  return {
    price,
    taken: Object.fromEntries(costly.map(({ id }) => [id, price * budgetCost[id]!])),
    bestFree: name(argmax(q)),
    best: name(argmax(net)),
  };
}
