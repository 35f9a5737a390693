/**
 * One turn of the loop, as a shop would type it: what devices sent, with or without a simulated crowd, becomes a data
 * folder; `train --from` the running release; `publish`, which the evidence gate may refuse.
 */

import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COUPON_BUDGET } from '../coupon-budget.ts';
import type { RoundOrder, RoundState, Step, Verdict } from './round.ts';

export interface LoopFolders {
  /** The catalogue as a data folder. */
  catalogue: string;
  /** The bundle of the release that runs when the server starts. */
  bundle: string;
  db: string;
  /** For the rounds' own data and bundles; emptied of the last server's. */
  rounds: string;
}

/** Of the newest output, for the page. */
const KEPT_LINES = 12;

/** Runs `promo-edge` with these arguments, each line of its output to `say`. @returns its exit code */
export type Run = (args: string[], say: (line: string) => void) => Promise<number>;

export class Loop {
  round: RoundState | undefined;
  /** What the next round continues from. */
  private bundle: string;

  constructor(
    private readonly folders: LoopFolders,
    private readonly site: string,
    /** Epoch ms. */
    private readonly now: () => number,
    private readonly run: Run = promoEdge,
  ) {
    this.bundle = folders.bundle;
  }

  get busy(): boolean {
    return this.round?.step !== undefined;
  }

  /** Starts a round and gives it back; it goes on by itself. @throws where one is under way */
  start(order: RoundOrder): RoundState {
    if (this.busy) throw new Error('expected no round under way');
    const number = (this.round?.number ?? 0) + 1;
    const round: RoundState = { number, order, step: 'import', lines: [], seconds: 0, took: {} };
    this.round = round;
    const began = this.now();
    const timer = setInterval(() => {
      round.seconds = (this.now() - began) / 1000;
    }, 500);
    this.turn(round)
      .catch((error: Error) => {
        round.refused = error.message;
      })
      .finally(() => {
        clearInterval(timer);
        round.step = undefined;
        round.seconds = (this.now() - began) / 1000;
      });
    return round;
  }

  private async turn(round: RoundState): Promise<void> {
    const { catalogue, db, rounds } = this.folders;
    const { crowd, world, seconds } = round.order;
    const data = join(rounds, `data-${round.number}`);
    const bundle = join(rounds, `bundle-${round.number}`);
    await Promise.all([data, bundle].map((path) => rm(path, { recursive: true, force: true })));
    await mkdir(rounds, { recursive: true });
    if (crowd > 0) {
      const chosen = ['--policy', this.bundle, '--world', world, '--seed', `${round.number}`];
      // The crowd's true values are for benchmarks: they would take as long as the training.
      const sizes = ['--sessions', `${crowd}`, '--crowd', `round-${round.number}-`, '--no-truth'];
      await this.do(round, 'crowd', ['simulate', '--data', catalogue, '--out', data, ...sizes, ...chosen]);
    } else await cp(catalogue, data, { recursive: true });
    const alone = await linesOf(join(data, 'decisions.jsonl'));
    const sent = join(db, 'promo-edge.sqlite');
    const imported = await this.step(round, 'import', [
      ...['import', 'feedback', sent, '--site', this.site, '--data', data],
    ]);
    // Exit 1: nothing came back yet. A crowd is then all there is to learn from.
    if (imported !== 0 && alone === 0)
      throw new Error('nothing to learn from: no device has sent a decision yet');
    round.decisions = { crowd: alone, devices: (await linesOf(join(data, 'decisions.jsonl'))) - alone };
    const training = ['--from', this.bundle, '--out', bundle, '--budget-seconds', `${seconds}`];
    await this.do(round, 'train', ['train', '--data', data, ...training, '--seed', `${round.number}`]);
    const manifest = JSON.parse(await readFile(join(bundle, 'manifest.json'), 'utf8')) as {
      verdict?: Verdict;
    };
    if (manifest.verdict !== undefined) round.verdict = manifest.verdict;
    await this.publish(round, bundle, db);
  }

  /**
   * Publishes against the verdict, which the audit log keeps with the reason.
   * @throws where there is nothing that the gate held back
   */
  async overrule(): Promise<RoundState> {
    const { round } = this;
    if (this.busy || round?.verdict?.shipped !== false || round.release !== undefined)
      throw new Error('expected a round that the gate held back');
    delete round.refused;
    const bundle = join(this.folders.rounds, `bundle-${round.number}`);
    await this.publish(round, bundle, this.folders.db, ['--force', 'shown on the page /qa']);
    round.step = undefined;
    return round;
  }

  private async publish(round: RoundState, bundle: string, db: string, more: string[] = []): Promise<void> {
    const code = await this.step(round, 'release', [
      'publish',
      '--bundle',
      bundle,
      '--db',
      db,
      '--site',
      this.site,
      '--coupon-budget',
      COUPON_BUDGET,
      ...more,
    ]);
    const said = round.lines.join('\n');
    const published = /runs release (\d+)/.exec(said)?.[1];
    if (code !== 0 || published === undefined) {
      round.refused = round.verdict?.reasons.join('; ') ?? round.lines.at(-1) ?? 'publish said nothing';
      return;
    }
    round.release = Number(published);
    this.bundle = bundle;
  }

  /** @throws where the command fails */
  private async do(round: RoundState, step: Step, args: string[]): Promise<void> {
    if ((await this.step(round, step, args)) !== 0)
      throw new Error(round.lines.at(-1) ?? `${args[0]} failed`);
  }

  private async step(round: RoundState, step: Step, args: string[]): Promise<number> {
    round.step = step;
    const began = this.now();
    const code = await this.run(args, (line) => {
      round.lines = [...round.lines, line].slice(-KEPT_LINES);
    });
    round.took[step] = (this.now() - began) / 1000;
    return code;
  }
}

async function linesOf(path: string): Promise<number> {
  let count = 0;
  try {
    for await (const _ of createInterface({ input: createReadStream(path) })) count++;
  } catch {
    return 0;
  }
  return count;
}

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

const promoEdge: Run = (args, say) => {
  const child = spawn('node', [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', say);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', stop);
      resolve(code ?? 1);
    });
  });
};
