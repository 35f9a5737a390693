/**
 * `npm start`: the main job on the built-in shop, each step the command a shop would run itself.
 *
 *   catalogue -> simulate -> train (and judge) -> publish -> serve trainer and shop [-> a shopper in a real browser]
 *
 * Everything it makes lies in .promo-edge/; a second start finds the release there and only serves.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COUPON_BUDGET } from './coupon-budget.ts';

const HELP = `npm start -- [--once] [--fresh] [--port 8787] [--shop-port 5173]

  --once        go on until the SDK in a headless browser has used the release, then stop
  --fresh       forget the earlier release and train again
  --port        of the trainer
  --shop-port   of the demo shop`;

const { values: options } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    port: { type: 'string', default: '8787' },
    'shop-port': { type: 'string', default: '5173' },
    help: { type: 'boolean', default: false },
  },
});

/** Sizes of the main job: within four minutes on two cores without GPU. */
const MAIN_JOB = { sessions: 40_000, trainSeconds: 200, firstWeeks: 0.2, seed: 1, site: 'demo' };

const ROOT = join(import.meta.dirname, '..');
const HOME = join(ROOT, '.promo-edge');
const PATHS = {
  catalogue: join(HOME, 'catalogue'),
  data: join(HOME, 'data'),
  bundle: join(HOME, 'bundle'),
  db: join(HOME, 'db'),
  rounds: join(HOME, 'rounds'),
  publicKey: join(HOME, 'db', 'keys', 'release.pub'),
  shopToken: join(HOME, 'db', 'keys', 'shop-server.token'),
  ready: join(HOME, 'ready.json'),
};
const TRAINER = `http://localhost:${options.port}`;
const SHOP = `http://localhost:${options['shop-port']}`;

const running: ChildProcess[] = [];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

if (options.help) say(HELP);
else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0));
  await main().catch(async (error: Error) => {
    process.stderr.write(`npm start: ${error.message}\n`);
    await stop(1);
  });
}

async function main(): Promise<void> {
  const began = performance.now();
  if (!(await exists(join(ROOT, 'dist', 'cli.js')))) await run('Building', 'npm', ['run', 'build']);
  if (options.fresh || !(await exists(PATHS.ready))) await makeRelease();
  else say('Using the release made before (npm start -- --fresh trains again).');
  await serve();
  say(`\nReady after ${((performance.now() - began) / 1000).toFixed(0)} s.`);
  say(`  Trainer    ${TRAINER}\n  Demo shop  ${SHOP}\n  The loop   ${SHOP}/qa\n  Stop with Ctrl-C.`);
  if (!options.once) return;
  await run(
    'A shopper in a headless browser',
    ...tsx('demo-shop/shoppers/run.ts', '--base', SHOP, '--check'),
  );
  await stop(0);
}

/** From nothing to a published release. Each line can be typed by hand. */
async function makeRelease(): Promise<void> {
  await mkdir(HOME, { recursive: true });
  // What the page /qa made of an earlier release does not continue from this one.
  await rm(PATHS.rounds, { recursive: true, force: true });
  await run('Writing the catalogue', ...tsx('demo-shop/catalogue/write.ts', PATHS.catalogue));
  const { sessions, trainSeconds, firstWeeks, seed, site } = MAIN_JOB;
  const { catalogue, data, bundle, db } = PATHS;
  await cli('simulate', '--data', catalogue, '--out', data, '--sessions', `${sessions}`, '--seed', `${seed}`);
  await cli(
    'train',
    '--data',
    data,
    '--out',
    bundle,
    '--budget-seconds',
    `${trainSeconds}`,
    // Where the machine is too slow for a policy that evidence supports, the shop begins as one without logs does.
    '--first-weeks',
    `${firstWeeks}`,
    '--seed',
    `${seed}`,
  );
  const offer = ['--coupon-budget', COUPON_BUDGET];
  await cli('publish', '--bundle', bundle, '--db', db, '--site', site, ...offer);
  await writeFile(PATHS.ready, `${JSON.stringify(MAIN_JOB)}\n`);
}

async function serve(): Promise<void> {
  const { port, 'shop-port': shopPort } = options;
  background('node', ['dist/cli.js', 'serve', '--db', PATHS.db, '--port', port, '--site', MAIN_JOB.site]);
  const key = (await readFile(PATHS.publicKey, 'utf8')).trim();
  const [node, args] = tsx('demo-shop/serve.ts', '--port', shopPort);
  await answering(`${TRAINER}/healthz`);
  // The trainer's first start writes it: it lets the shop's till redeem coupons and report orders.
  const token = (await readFile(PATHS.shopToken, 'utf8')).trim();
  background(node, args, {
    PROMO_EDGE_ENDPOINT: TRAINER,
    PROMO_EDGE_KEY: key,
    PROMO_EDGE_SHOP_TOKEN: token,
    PROMO_EDGE_HOME: HOME,
  });
  await answering(SHOP);
}

function cli(...args: string[]): Promise<void> {
  return run(`promo-edge ${args[0]}`, 'node', ['dist/cli.js', ...args]);
}

function tsx(script: string, ...args: string[]): [string, string[]] {
  return ['node', ['--import', 'tsx', script, ...args]];
}

/** One step, its output passed through; the next does not begin where it fails. */
function run(name: string, command: string, args: string[]): Promise<void> {
  say(`\n> ${name}`);
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
  running.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`'${name}' ended with ${signal ?? `exit code ${code}`}; the steps after it were not run`),
        );
    });
  });
}

function background(command: string, args: string[], env: Record<string, string> = {}): void {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  running.push(child);
  child.once('exit', (code) => {
    if (code === null || code === 0) return;
    process.stderr.write(`npm start: '${args.join(' ')}' ended with exit code ${code}\n`);
    void stop(1);
  });
}

/** Waits for an address to answer, for 30 s at most. */
async function answering(address: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const up = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`expected ${address} to answer within 30 s; is another program using its port?`);
}

async function stop(code: number): Promise<void> {
  const alive = running.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of alive) child.kill('SIGTERM');
  await Promise.all(alive.map((child) => new Promise((done) => child.once('exit', done))));
  process.exit(code);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
