/**
 * One turn of the loop, as a shop would type it: what devices sent, with or without a simulated crowd, becomes a data
 * folder; `train --from` the running release; `publish`, which the evidence gate may refuse. A round may begin with the
 * shop's first weeks over again. A server that was killed takes up its round where it was.
 */

import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COUPON_BUDGET } from '../coupon-budget.ts';
import { remember, remembered } from './loop-memory.ts';
import { type RoundOrder, type RoundState, STEPS, type Step, type Verdict } from './round.ts';

export interface LoopFolders {
  /** The catalogue as a data folder. */
  catalogue: string;
  /** The bundle of the release that runs before the first round. */
  bundle: string;
  db: string;
  /** For the rounds' own data and bundles, and what is remembered of them. */
  rounds: string;
}

/** Of the newest output, for the page. */
const KEPT_LINES = 12;
/**
 * What a shop without logs begins with. Half of its decisions are drawn at random, so that one round's evidence suffices: with
 * a fifth it sees only gains twice as large (README.md).
 */
const FIRST_WEEKS = { slice: '0.5', seconds: '20' };

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

  /** What an earlier server left: its last round, taken up where it was broken off. */
  async takeUp(): Promise<void> {
    const memory = await remembered(this.memoryPath);
    if (memory === undefined) return;
    this.bundle = memory.bundle;
    this.round = memory.round;
    if (memory.round.step !== undefined) this.go({ ...memory.round, resumed: true });
  }

  /** Starts a round and gives it back; it goes on by itself. @throws where one is under way */
  start(order: RoundOrder): RoundState {
    if (this.busy) throw new Error('expected no round under way');
    const number = (this.round?.number ?? 0) + 1;
    const step = order.from === 'first-weeks' ? 'begin' : 'crowd';
    return this.go({ number, order, step, lines: [], seconds: 0, took: {} });
  }

  private go(round: RoundState): RoundState {
    this.round = round;
    const began = this.now() - 1000 * round.seconds;
    const timer = setInterval(() => {
      round.seconds = (this.now() - began) / 1000;
    }, 500);
    this.turn(round)
      .catch((error: Error) => {
        round.refused = error.message;
      })
      .finally(async () => {
        clearInterval(timer);
        round.seconds = (this.now() - began) / 1000;
        // It is not over before it is remembered as over.
        await this.remember({ ...round, step: undefined }).catch(() => undefined);
        round.step = undefined;
      });
    return round;
  }

  /** From the step where it is; each leaves its work in a folder of the round. */
  private async turn(round: RoundState): Promise<void> {
    const first = STEPS.indexOf(round.step!);
    for (const step of STEPS.slice(first)) {
      round.step = step;
      const began = this.now();
      round.stepBegan = round.seconds;
      await this.remember(round);
      await this.work[step](round);
      round.took[step] = (this.now() - began) / 1000;
    }
  }

  private readonly work: Record<Step, (round: RoundState) => Promise<void>> = {
    begin: (round) => this.begin(round),
    crowd: (round) => this.simulate(round),
    import: (round) => this.import(round),
    train: (round) => this.train(round),
    release: (round) => this.release(round),
  };

  private in(round: RoundState, name: string): string {
    return join(this.folders.rounds, `${name}-${round.number}`);
  }

  /** The shop's own order instead of what was learned: the bundle needs no evidence, for it decides by no policy. */
  private async begin(round: RoundState): Promise<void> {
    const out = this.in(round, 'first-weeks');
    const { slice, seconds } = FIRST_WEEKS;
    const how = ['--first-weeks', slice, '--budget-seconds', seconds, '--seed', `${round.number}`];
    await this.do(round, ['train', '--data', this.folders.catalogue, '--out', out, ...how]);
    const release = await this.publish(round, out);
    if (release === undefined) throw new Error(round.lines.at(-1) ?? 'publish said nothing');
    round.began = release;
  }

  private async simulate(round: RoundState): Promise<void> {
    const { catalogue, rounds } = this.folders;
    const { crowd, world } = round.order;
    const data = this.in(round, 'data');
    await rm(data, { recursive: true, force: true });
    await mkdir(rounds, { recursive: true });
    if (crowd > 0) {
      const chosen = ['--policy', this.bundle, '--world', world, '--seed', `${round.number}`];
      // The crowd's true values are for benchmarks: they would take as long as the training.
      const sizes = ['--sessions', `${crowd}`, '--crowd', `round-${round.number}-`, '--no-truth'];
      await this.do(round, ['simulate', '--data', catalogue, '--out', data, ...sizes, ...chosen]);
    } else await cp(catalogue, data, { recursive: true });
    round.decisions = { crowd: await linesOf(join(data, 'decisions.jsonl')), devices: 0 };
  }

  private async import(round: RoundState): Promise<void> {
    const data = this.in(round, 'data');
    const sent = join(this.folders.db, 'promo-edge.sqlite');
    const crowd = round.decisions?.crowd ?? 0;
    const imported = await this.call(round, [
      'import',
      'feedback',
      sent,
      '--site',
      this.site,
      '--data',
      data,
    ]);
    // Exit 1: nothing came back yet. A crowd is then all there is to learn from.
    if (imported !== 0 && crowd === 0)
      throw new Error('nothing to learn from: no device has sent a decision yet');
    const all = await linesOf(join(data, 'decisions.jsonl'));
    round.decisions = { crowd, devices: all - crowd };
  }

  private async train(round: RoundState): Promise<void> {
    const [data, out] = [this.in(round, 'data'), this.in(round, 'bundle')];
    const training = ['--from', this.bundle, '--out', out, '--budget-seconds', `${round.order.seconds}`];
    const resume = round.resumed ? ['--resume'] : [];
    await this.do(round, ['train', '--data', data, ...training, '--seed', `${round.number}`, ...resume]);
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { verdict?: Verdict };
    if (manifest.verdict !== undefined) round.verdict = manifest.verdict;
  }

  private async release(round: RoundState): Promise<void> {
    const release = await this.publish(round, this.in(round, 'bundle'));
    if (release !== undefined) round.release = release;
    else round.refused = round.verdict?.reasons.join('; ') ?? round.lines.at(-1) ?? 'publish said nothing';
  }

  /**
   * Publishes against the verdict, which the audit log keeps with the reason.
   * @throws where there is nothing that the gate held back
   */
  async overrule(): Promise<RoundState> {
    const { round } = this;
    if (this.busy || round?.verdict?.shipped !== false || round.release !== undefined)
      throw new Error('expected a round that the gate held back');
    round.step = 'release';
    const forced = ['--force', 'shown on the page /qa'];
    const release = await this.publish(round, this.in(round, 'bundle'), forced).finally(() => {
      round.step = undefined;
    });
    if (release === undefined) throw new Error(round.lines.at(-1) ?? 'publish said nothing');
    delete round.refused;
    round.release = release;
    await this.remember(round);
    return round;
  }

  /** @returns the release that it is now; undefined where it was refused */
  private async publish(round: RoundState, bundle: string, more: string[] = []): Promise<number | undefined> {
    const { db } = this.folders;
    const where = ['--db', db, '--site', this.site, '--coupon-budget', COUPON_BUDGET];
    const code = await this.call(round, ['publish', '--bundle', bundle, ...where, ...more]);
    const published = /runs release (\d+)/.exec(round.lines.join('\n'))?.[1];
    if (code !== 0 || published === undefined) return undefined;
    this.bundle = bundle;
    return Number(published);
  }

  /** @throws where the command fails */
  private async do(round: RoundState, args: string[]): Promise<void> {
    if ((await this.call(round, args)) !== 0) throw new Error(round.lines.at(-1) ?? `${args[0]} failed`);
  }

  private call(round: RoundState, args: string[]): Promise<number> {
    round.lines = [];
    return this.run(args, (line) => {
      round.lines = [...round.lines, line].slice(-KEPT_LINES);
    });
  }

  private get memoryPath(): string {
    return join(this.folders.rounds, 'loop.json');
  }

  private remember(round: RoundState): Promise<void> {
    return remember(this.memoryPath, { bundle: this.bundle, round });
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
