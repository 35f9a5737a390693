/** `decide`: request lines in, decision lines out, through a bundle's quantized files. */

import { randomInt } from 'node:crypto';
import { decide } from '../../shared/decide.ts';
import { readRequest } from '../../shared/decision.ts';
import { explainDecision } from '../../shared/explain/explain-decision.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { seeded } from '../../shared/random.ts';
import type { Tensors } from '../../shared/tensors.ts';
import { jsonLines } from '../dataset/lines.ts';
import { openPolicy } from '../policy/index.ts';
import { type Bundle, openBundle } from '../release/bundle.ts';
import type { Command } from './command.ts';
import { needed, numberOption } from './options.ts';

const HELP = `
promo-edge decide --bundle BUNDLE [--seed N] [--greedy] [--explain] < REQUESTS

Reads requests as JSON lines {id?, ts?, slot?, attributes?, history?, eligible?, cart?} and writes, in their order,
{id?, action, propensity, values: {promotion: expected reward}, reasons, ms}. A line that cannot be read is named on
standard error, the others are answered all the same, and the exit code is 1.

  --greedy  the largest value net of the budget price; the default explores, and logs with what probability
  --seed    of the draws; by default they differ from run to run
  --explain adds \`why\`: the lead over the next best, what each group of facts about the shopper adds to it (exact
            Shapley values), the expected effect against no promotion, and the events that it looked at
`;

export const command: Command = {
  name: 'decide',
  summary: 'choose a promotion for each request line',
  help: HELP,
  options: {
    bundle: { type: 'string' },
    seed: { type: 'string' },
    greedy: { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
  },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const fallback = randomInt(2 ** 47);
    const seed = numberOption(values, 'seed', { fallback, min: 0, max: Number.MAX_SAFE_INTEGER });
    const meta = await bundle.first();
    const { model, engine } = await openPolicy(bundle);
    // As a device explains: by the engine whose attention can be watched.
    const explaining = values.explain ? jsEngineFromFirst(meta, await deviceTensors(bundle)) : undefined;
    const random = seeded(seed);
    let refused = 0;
    let line = 0;
    const requests = jsonLines(
      io.stdin,
      (raw) => readRequest(raw, meta.shop.currency),
      (error) => {
        refused++;
        io.progress.say(`decide: ${error.message}`);
      },
    );
    for await (const request of requests) {
      const options = {
        // A stream for each line, so that an answer does not depend on the lines before it.
        random: random.fork(`${line++}`),
        clock: () => performance.now(),
        greedy: values.greedy === true,
      };
      const decision = await decide(request, model, engine, options);
      const why = explaining && (await explainDecision(request, decision.action, model, explaining));
      io.out(JSON.stringify({ ...decision, ...(why && { why }) }));
      if (io.signal.aborted) break;
    }
    engine.dispose();
    return refused > 0 ? 1 : 0;
  },
};

/** What a device decides with: the first group's tensors, and the whole product table where there is one. */
const deviceTensors = async (bundle: Bundle): Promise<Tensors> => ({
  ...(await bundle.tensors('first-tensors')),
  ...(await bundle.tensors('products')),
});
