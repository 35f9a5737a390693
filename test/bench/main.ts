/** `npm run bench -- NAME [--quick|--full] [--device D] [--world W] [--seeds N] [--favourite P] [--logged N] [--promotions N] [--ids] [--twin K] [--against B] [--part P]`: human table first, one JSON object as the last line. */

import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './bench.ts';

const BENCHES: Record<string, () => Promise<{ bench: Bench }>> = {
  train: () => import('./train.ts'),
  decide: () => import('./decide.ts'),
  parity: () => import('./parity.ts'),
  size: () => import('./size.ts'),
  'cold-start': () => import('./cold-start.ts'),
  release: () => import('./release.ts'),
  policy: () => import('./policy.ts'),
  budget: () => import('./budget.ts'),
  adapt: () => import('./adapt.ts'),
  coupons: () => import('./coupons.ts'),
  abuse: () => import('./abuse.ts'),
  ope: () => import('./ope.ts'),
  gate: () => import('./gate.ts'),
  uplift: () => import('./uplift.ts'),
  recommend: () => import('./recommend.ts'),
  search: () => import('./search.ts'),
  classify: () => import('./classify.ts'),
  encoder: () => import('./encoder.ts'),
  explain: () => import('./explain.ts'),
  rules: () => import('./rules.ts'),
  real: () => import('./real.ts'),
};

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    device: { type: 'string', default: 'auto' },
    world: { type: 'string', multiple: true },
    seeds: { type: 'string' },
    favourite: { type: 'string' },
    logged: { type: 'string' },
    promotions: { type: 'string' },
    ids: { type: 'boolean', default: false },
    twin: { type: 'string' },
    against: { type: 'string', multiple: true },
    part: { type: 'string', multiple: true },
  },
  allowPositionals: true,
});
const name = positionals[0];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (name === undefined) {
  for (const [known, load] of Object.entries(BENCHES))
    say(`${known.padEnd(12)} ${(await load()).bench.summary}`);
} else if (BENCHES[name] === undefined) {
  process.stderr.write(`bench: expected one of ${Object.keys(BENCHES).join(', ')}, got '${name}'\n`);
  process.exitCode = 2;
} else {
  const { bench } = await BENCHES[name]();
  const { device, seeds, twin, logged, promotions, ...options } = values;
  const numbers = Object.entries({ seeds, twin, logged, promotions }).filter(
    ([, text]) => text !== undefined,
  );
  const figures = await bench.run({
    ...options,
    ...Object.fromEntries(numbers.map(([option, text]) => [option, Number(text)])),
    device: device as BenchOptions['device'],
    say,
  });
  for (const [figure, value] of Object.entries(figures)) say(`${figure.padEnd(44)} ${value}`);
  say(JSON.stringify({ bench: name, figures }));
}
