/** `report placements`: creatives by placement, in a data folder. */

import { BadInput } from '../../shared/errors.ts';
import { toMajor } from '../../shared/money.ts';
import { OUTCOME_RULE } from '../../shared/outcome.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import { needed, numberOption } from '../commands/options.ts';
import { type Dataset, loadDataset } from '../dataset/load.ts';
import { clicksOf } from '../policy/clicks.ts';
import { outcomesOf } from '../policy/rewards.ts';
import type { Report } from '../reports/report.ts';
import { type Placed, type PlacementLine, placementReport } from './placements.ts';

export const report: Report = {
  name: 'placements',
  summary: 'click-through and cost per result of each creative in each slot, as if it always stood there',
  help: `  A line per slot and promotion of decisions.jsonl: how often it was shown, clicks and orders that followed, their rates,
  what a showing earned and what a click and an order cost (\`spend\`), with 95 % intervals over visitors. Where the log has
  propensities, figures are as if that promotion always stood there; else they are of those it was shown to, and it is
  said. Then a line per slot: the best by click-through and its lead over the next. Thin evidence is "refused" in words.`,
  options: {},
  async run(values, io) {
    const seed = numberOption(values, 'seed', { fallback: 1, min: 0, max: Number.MAX_SAFE_INTEGER });
    const dataset = await loadDataset(needed(values, 'data', 'a data folder'));
    for (const note of [...dataset.notes, ...dataset.rejected.slice(0, 10)]) io.progress.say(note);
    const placed = placedOf(dataset);
    if (placed.length === 0)
      throw new BadInput({ file: 'decisions.jsonl', field: 'slot' }, 'shown promotions with a slot', 'none');
    if (placed.some(({ propensity }) => propensity === undefined))
      io.progress.say('no propensities: figures are of the shoppers whom each promotion was shown to');
    const { lines, best } = placementReport(placed, seeded(seed));
    for (const line of lines) io.out(JSON.stringify(written(line)));
    for (const line of best) io.out(JSON.stringify(line));
    return lines.every(({ refused }) => refused !== undefined) ? 1 : 0;
  },
};

/** What was shown in a slot. Propensities count where every decision has one: a mixture would compare unlike figures. */
export function placedOf(dataset: Dataset): Placed[] {
  const { decisions, events, shop } = dataset;
  const outcomes = outcomesOf(dataset, { ...OUTCOME_RULE, marginShare: shop.margin ?? 1 });
  const clicks = clicksOf(decisions, events);
  const numbers = new Map<string, number>();
  const complete = decisions.every(({ propensity }) => propensity !== undefined);
  const placed: Placed[] = [];
  const major = (amount: number | undefined): number | undefined =>
    amount === undefined ? undefined : toMajor(Math.round(amount), shop.currency);
  decisions.forEach(({ slot, action, visitor, propensity, ...logged }, i) => {
    if (slot === undefined || action === NONE_ID) return;
    const number = numbers.get(visitor) ?? numbers.size;
    numbers.set(visitor, number);
    const outcome = outcomes[i];
    const spend = logged.spend ?? major(outcome?.spend);
    const reward = logged.reward ?? major(outcome?.reward);
    placed.push({
      ...{ slot, promotion: action, visitor: number },
      ...(complete && { propensity: propensity! }),
      ...(clicks !== undefined && clicks[i]! >= 0 && { clicked: clicks[i] === 1 }),
      ...(outcome !== undefined && { ordered: outcome.purchases > 0 }),
      ...(spend !== undefined && { spend }),
      ...(reward !== undefined && { reward }),
    });
  });
  return placed;
}

function written({ clickRate, orderRate, costPerClick, costPerOrder, ...rest }: PlacementLine): object {
  return {
    ...rest,
    ...(clickRate && { click_rate: clickRate }),
    ...(orderRate && { order_rate: orderRate }),
    ...(costPerClick && { cost_per_click: costPerClick }),
    ...(costPerOrder && { cost_per_order: costPerOrder }),
  };
}
