/**
 * The command line on a real log, as a shop would type it: Online Retail imported, encoders trained on it, shoppers
 * simulated on its catalogue, a policy trained from their decisions, and both bundles asked.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realData } from '../helpers/real-data.ts';
import type { Bench, Figures } from './bench.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const LOG = realData('online_retail/to_2011-10.csv.gz');

export const bench: Bench = {
  summary: 'seconds and memory of every command on Online Retail (needs npm run build and the shared data)',
  async run({ quick, say }) {
    const dir = await mkdtemp(join(tmpdir(), 'promo-edge-real-'));
    const at = (name: string): string => join(dir, name);
    const seconds = quick ? ['--budget-seconds', '60'] : [];
    const history = [{ name: 'view_item', sku: '85123A', ts: '2011-10-31T12:00:00Z' }];
    const figures: Figures = {};
    let total = 0;
    const step = async (name: string, args: string[], input: object[] = []): Promise<string> => {
      const { took, peak, out } = await run(args, input);
      total += took;
      figures[`${name}_s`] = Number(took.toFixed(1));
      figures[`${name}_peak_mb`] = Math.round(peak / 1024);
      say(`${name.padEnd(13)} ${took.toFixed(1).padStart(7)} s  ${(peak / 1024).toFixed(0).padStart(5)} MB`);
      return out;
    };
    try {
      await step('import', [
        'import',
        'online-retail',
        LOG,
        '--data',
        at('data'),
        '--rejects',
        at('rejects'),
      ]);
      await step('train', ['train', '--data', at('data'), '--out', at('first'), ...seconds]);
      await step('simulate', ['simulate', '--data', at('data'), '--out', at('sim')]);
      const from = ['--from', at('first'), '--out', at('bundle')];
      await step('train_policy', ['train', '--data', at('sim'), ...from, ...seconds]);
      say((await step('decide', ['decide', '--bundle', at('bundle')], [{ id: 'a', history }])).trim());
      const asked = ['recommend', '--bundle', at('bundle'), '--k', '5'];
      say((await step('recommend', asked, [{ id: 'a', history }])).trim());
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
    return { ...figures, total_s: Number(total.toFixed(1)) };
  },
};

/** A command; its progress is passed through. @throws where it fails */
async function run(args: string[], input: object[]): Promise<{ took: number; peak: number; out: string }> {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  let peak = 0;
  const timer = setInterval(() => {
    memoryOf(child.pid!).then((now) => {
      peak = Math.max(peak, now);
    });
  }, 100);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`promo-edge ${args.join(' ')}: exit code ${code}`);
  } finally {
    clearInterval(timer);
  }
  return { took: (performance.now() - began) / 1000, peak, out };
}

/** Resident memory of a process and of those it started, KiB; 0 where it has ended or this is not Linux. */
async function memoryOf(pid: number): Promise<number> {
  const text = (path: string): Promise<string> => readFile(`/proc/${pid}/${path}`, 'utf8').catch(() => '');
  const own = Number(/VmRSS:\s+(\d+)/.exec(await text('status'))?.[1] ?? 0);
  const children = (await text(`task/${pid}/children`)).split(' ').filter(Boolean);
  const theirs = await Promise.all(children.map((child) => memoryOf(Number(child))));
  return theirs.reduce((sum, memory) => sum + memory, own);
}
