/** Logs that no figure may be drawn from, as rows of decisions.jsonl, each with a target that asks for one. */

import { seeded } from '../../shared/random.ts';

export interface BrokenLog {
  name: string;
  rows: Record<string, unknown>[];
  /** Probabilities of none, gift and ten for every decision. */
  target: [number, number, number];
}

const IDS = ['none', 'gift', 'ten'];
const COUNT = 900;

type Row = Record<string, unknown>;

/** An honest log, evenly drawn; `change` breaks it. */
function log(change: (row: Row, i: number) => Row, count = COUNT): Row[] {
  const random = seeded('broken');
  return Array.from({ length: count }, (_, i) => {
    const action = IDS[random.int(3)]!;
    const reward = 1 + (action === 'gift' ? 1 : 0) + random.normal();
    const attributes = { age: 20 + random.int(50) };
    return change(
      { id: `d${i}`, visitor: `v${i}`, ts: i, eligible: IDS, action, propensity: 1 / 3, reward, attributes },
      i,
    );
  });
}

const same = (row: Row): Row => row;
const always = (action: string) => (row: Row) => ({ ...row, action, propensity: 1 });

export const HONEST: BrokenLog = { name: 'honest', rows: log(same), target: [0.1, 0.8, 0.1] };

export const BROKEN_LOGS: readonly BrokenLog[] = [
  { name: 'all propensities 0', rows: log((row) => ({ ...row, propensity: 0 })), target: [0, 1, 0] },
  {
    name: 'a fifth of the propensities 0',
    rows: log((row, i) => (i % 5 ? row : { ...row, propensity: 0 })),
    target: [0, 1, 0],
  },
  { name: 'propensities above 1', rows: log((row) => ({ ...row, propensity: 1.7 })), target: [0, 1, 0] },
  {
    name: 'a tenth of the propensities negative',
    rows: log((row, i) => (i % 10 ? row : { ...row, propensity: -0.2 })),
    target: [0, 1, 0],
  },
  {
    name: 'actions outside eligible',
    rows: log((row, i) => (i % 8 ? row : { ...row, action: 'secret' })),
    target: [0, 1, 0],
  },
  {
    name: 'rewards that are no numbers',
    rows: log((row, i) => (i % 6 ? row : { ...row, reward: 'NaN' })),
    target: [0, 1, 0],
  },
  { name: 'one action alone, another wanted', rows: log(always('none')), target: [0, 1, 0] },
  {
    name: 'one action alone, propensities unknown',
    rows: log((row) => ({ ...row, action: 'none', propensity: undefined })),
    target: [0, 1, 0],
  },
  {
    name: 'a promotion that was never taken',
    rows: log((row) => (row.action === 'ten' ? { ...row, action: 'none' } : row)),
    target: [0, 0.4, 0.6],
  },
  { name: 'one visitor', rows: log((row) => ({ ...row, visitor: 'v' })), target: [0, 1, 0] },
  {
    name: 'one visitor behind most decisions',
    rows: log((row, i) => (i % 10 ? { ...row, visitor: 'v' } : row)),
    target: [0, 1, 0],
  },
  { name: 'few decisions', rows: log(same, 60), target: [0, 1, 0] },
  { name: 'a constant reward', rows: log((row) => ({ ...row, reward: 1 })), target: [0, 1, 0] },
  {
    name: 'hardly any outcome',
    rows: log((row, i) => ({ ...row, reward: i === 7 ? 5 : 0 })),
    target: [0.1, 0.8, 0.1],
  },
  {
    name: 'propensities twice too small',
    rows: log((row) => ({ ...row, propensity: 1 / 6 })),
    target: [0, 1, 0],
  },
  {
    name: 'propensities twice too large',
    rows: log((row) => ({ ...row, propensity: 2 / 3 })),
    target: [0, 1, 0],
  },
  {
    name: 'propensities said to be even, drawn otherwise',
    rows: log((row, i) => (i % 2 ? { ...row, action: 'none' } : row)),
    target: [1 / 3, 1 / 3, 1 / 3],
  },
  {
    name: 'every outcome joined twice, in parts',
    rows: log(same, 300).flatMap((row) => [
      { ...row, reward: 0.3 },
      { ...row, reward: 0.7 },
    ]),
    target: [0, 1, 0],
  },
  { name: 'one id for all', rows: log((row) => ({ ...row, id: 'd' })), target: [0, 1, 0] },
  {
    name: 'one enormous order',
    rows: log((row, i) => (i === 450 ? { ...row, action: 'gift', reward: 1e12 } : row)),
    target: [0.1, 0.8, 0.1],
  },
  {
    name: 'two enormous orders, one of them given back',
    rows: log((row, i) =>
      i < 450 || i > 451 ? row : { ...row, action: 'gift', reward: i === 450 ? 1e15 : -1e15 },
    ),
    target: [0.1, 0.8, 0.1],
  },
  {
    name: 'weights that a few decisions carry',
    rows: log((row, i) => ({ ...row, action: i % 100 ? 'none' : 'gift', propensity: i % 100 ? 0.99 : 0.01 })),
    target: [0, 1, 0],
  },
];
