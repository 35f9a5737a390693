/** Many processes at one budget, all let go at once. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ATTACKER = join(import.meta.dirname, 'coupon-attacker.ts');

export interface Taken {
  redemptions: number;
  /** Minor units. */
  amount: number;
}

/** @param dir of the database. @returns what was acknowledged to each process */
export async function raceForBudget(dir: string, processes: number): Promise<Taken[]> {
  const runners = Array.from({ length: processes }, (_, i) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ATTACKER, dir, `${i}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, lines };
  });
  for (const { lines } of runners) await lines.next();
  for (const { child } of runners) child.stdin.write('go\n');
  return Promise.all(
    runners.map(async ({ child, lines }) => {
      const ended = once(child, 'exit');
      const { value } = await lines.next();
      const [code] = await ended;
      if (code !== 0) throw new Error(`attacker: exit code ${code}`);
      return JSON.parse(value) as Taken;
    }),
  );
}
