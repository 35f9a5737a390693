import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Loop, type Run } from '../../../demo-shop/qa/loop.ts';
import type { RoundOrder, Verdict } from '../../../demo-shop/qa/round.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

const ORDER: RoundOrder = { from: 'running', crowd: 100, world: 'drifting', seconds: 20 };

/** A command line that writes what the real one would, and lets a release out where the verdict says so. */
function scripted(verdict: Verdict, came: { devices: number; crowd: number }, home = temporaryFolder()) {
  const at = (name: string): string => join(home, name);
  mkdirSync(at('catalogue'), { recursive: true });
  const calls: string[][] = [];
  const run: Run = async (args, say) => {
    calls.push(args);
    const option = (name: string): string => args[args.indexOf(name) + 1]!;
    const lines = (count: number): string => '{}\n'.repeat(count);
    if (args[0] === 'simulate') {
      mkdirSync(option('--out'), { recursive: true });
      writeFileSync(join(option('--out'), 'decisions.jsonl'), lines(came.crowd));
    }
    if (args[0] === 'import') {
      writeFileSync(join(option('--data'), 'decisions.jsonl'), lines(came.crowd + came.devices));
      return came.devices > 0 ? 0 : 1;
    }
    if (args[0] === 'train') {
      mkdirSync(option('--out'), { recursive: true });
      writeFileSync(join(option('--out'), 'manifest.json'), JSON.stringify({ verdict }));
    }
    if (args[0] === 'publish') {
      const out = verdict.shipped || args.includes('--force');
      say(out ? 'site demo runs release 8, mode on' : 'the evidence gate did not let it out');
      return out ? 0 : 1;
    }
    return 0;
  };
  const folders = { catalogue: at('catalogue'), bundle: at('bundle'), db: at('db'), rounds: at('rounds') };
  // Every look at the clock is a second later.
  let clock = 0;
  const now = (): number => 1000 * clock++;
  return { loop: new Loop(folders, 'demo', now, run), calls, folders, home, now, run };
}

const ended = (loop: Loop): Promise<void> => expect.poll(() => loop.busy).toBe(false);
const verdict = (shipped: boolean): Verdict => ({
  shipped,
  against: 'the earlier release',
  reasons: ['because'],
});

describe('one turn of the loop', () => {
  it('goes from what came back to a release, each step continuing from the one that runs', async () => {
    const { loop, calls, folders } = scripted(verdict(true), { devices: 7, crowd: 100 });
    loop.start(ORDER);
    expect(() => loop.start(ORDER)).toThrow(/no round under way/);
    await ended(loop);
    expect(calls.map(([name]) => name)).toEqual(['simulate', 'import', 'train', 'publish']);
    expect(loop.round).toMatchObject({ decisions: { devices: 7, crowd: 100 }, release: 8 });
    const took = Object.entries(loop.round!.took).filter(([, seconds]) => seconds >= 1);
    expect(took.map(([step]) => step)).toEqual(['crowd', 'import', 'train', 'release']);
    expect(calls[0]).toEqual(expect.arrayContaining([folders.bundle, 'drifting', '100']));
    loop.start({ ...ORDER, crowd: 0 });
    await ended(loop);
    const [second] = calls.slice(4).filter(([name]) => name === 'train');
    expect(second).toEqual(expect.arrayContaining(['--from', join(folders.rounds, 'bundle-1')]));
  });

  it('keeps the release where the gate holds the next one back, and says the gate’s reasons', async () => {
    const { loop } = scripted(verdict(false), { devices: 7, crowd: 0 });
    loop.start({ ...ORDER, crowd: 0 });
    await ended(loop);
    expect(loop.round).toMatchObject({ refused: 'because', verdict: { shipped: false } });
    expect(loop.round?.release).toBeUndefined();
  });

  it('publishes what was held back where somebody overrules the gate, with a reason for the record', async () => {
    const { loop, calls } = scripted(verdict(false), { devices: 7, crowd: 0 });
    await expect(loop.overrule()).rejects.toThrow(/held back/);
    loop.start({ ...ORDER, crowd: 0 });
    await ended(loop);
    expect(await loop.overrule()).toMatchObject({ release: 8 });
    expect(calls.at(-1)).toEqual(expect.arrayContaining(['--force', 'shown on the page /qa']));
    await expect(loop.overrule()).rejects.toThrow(/held back/);
  });

  it('begins with first weeks where that is asked: they are published, and what the crowd meets and training must beat', async () => {
    const { loop, calls, folders } = scripted(verdict(true), { devices: 0, crowd: 100 });
    loop.start({ ...ORDER, from: 'first-weeks' });
    await ended(loop);
    expect(calls.map(([name]) => name)).toEqual([
      'train',
      'publish',
      'simulate',
      'import',
      'train',
      'publish',
    ]);
    const begun = join(folders.rounds, 'first-weeks-1');
    expect(calls[0]).toEqual(expect.arrayContaining(['--first-weeks', '0.5', folders.catalogue, begun]));
    expect(calls[0]).not.toContain('--from');
    const told = (call: number, option: string): string => calls[call]![calls[call]!.indexOf(option) + 1]!;
    expect([told(1, '--bundle'), told(2, '--policy'), told(4, '--from')]).toEqual([begun, begun, begun]);
    expect(loop.round).toMatchObject({ began: 8, release: 8 });
  });

  it.each([
    ['simulate', ['simulate', 'import', 'train', 'publish']],
    ['train', ['train', 'publish']],
    ['publish', ['publish']],
  ])('is taken up by the next server where it was killed: at %s', async (killed, left) => {
    const first = scripted(verdict(true), { devices: 3, crowd: 100 });
    let reached: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const until: Run = (args, say) => {
      if (args[0] !== killed) return first.run(args, say);
      reached();
      return new Promise(() => undefined);
    };
    new Loop(first.folders, 'demo', first.now, until).start(ORDER);
    await stuck;
    const second = scripted(verdict(true), { devices: 3, crowd: 100 }, first.home);
    await second.loop.takeUp();
    await ended(second.loop);
    expect(second.calls.map(([name]) => name)).toEqual(left);
    expect(second.calls.find(([name]) => name === 'train')?.includes('--resume') ?? true).toBe(true);
    expect(second.loop.round).toMatchObject({
      ...{ number: 1, resumed: true, release: 8 },
      decisions: { devices: 3, crowd: 100 },
    });
    // And the one after goes on from what that one published.
    const third = scripted(verdict(true), { devices: 3, crowd: 100 }, first.home);
    await third.loop.takeUp();
    expect(third.loop.busy).toBe(false);
    third.loop.start(ORDER);
    await ended(third.loop);
    expect(third.calls[0]).toEqual(expect.arrayContaining([join(first.folders.rounds, 'bundle-1')]));
  });

  it('learns from nothing only if nothing came back and nobody was simulated: then it says so', async () => {
    const { loop, calls } = scripted(verdict(true), { devices: 0, crowd: 0 });
    loop.start({ ...ORDER, crowd: 0 });
    await ended(loop);
    expect(loop.round?.refused).toMatch(/no device has sent a decision/);
    expect(calls.map(([name]) => name)).toEqual(['import']);
  });
});
