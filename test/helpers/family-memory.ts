/** How much memory a process takes together with those that it started (Linux). */

import { readdirSync, readFileSync } from 'node:fs';

const SAMPLED_MS = 250;

export interface WatchedMemory {
  /** Most so far, in bytes: resident sets added up, so that pages which two of them share count twice. */
  peak(): number;
  stop(): void;
}

/** Samples a process and its descendants until stopped. */
export function watchFamilyMemory(pid: number): WatchedMemory {
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, residentOf(pid));
  };
  const timer = setInterval(sample, SAMPLED_MS);
  sample();
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

/** Bytes resident, 0 for a process that has ended. */
function residentOf(pid: number): number {
  const children = new Map<number, number[]>();
  const resident = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = statusOf(entry);
    if (status === undefined) continue;
    const [own, parent] = [Number(entry), status.parent];
    children.set(parent, [...(children.get(parent) ?? []), own]);
    resident.set(own, status.resident);
  }
  const family = [pid];
  // Grows while it is walked.
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family.reduce((sum, member) => sum + (resident.get(member) ?? 0), 0);
}

/** Undefined for a process that ended while it was looked at. */
function statusOf(pid: string): { parent: number; resident: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { parent: field('PPid'), resident: 1024 * field('VmRSS') };
  } catch {
    return undefined;
  }
}
