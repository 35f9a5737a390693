import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../../trainer-server/commands/report.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

type Line = Record<string, unknown>;

/** Ages 20 to 59 in turn; who is under 40 gets ten percent in 3 of 10 decisions, the others in 5 of 10. */
function folder(count = 2000): string {
  const dir = temporaryFolder();
  const promotions = [
    { id: 'ten', type: 'percentage', percent: 10 },
    { id: 'hello', type: 'message' },
  ];
  const lines = Array.from({ length: count }, (_, i) => {
    const age = 20 + (i % 40);
    const given = Math.floor(i / 40) % 10 < (age < 40 ? 3 : 5);
    return {
      id: `d${i}`,
      ts: i,
      visitor: `v${i}`,
      attributes: { age, town: i % 2 === 0 ? 'A' : 'B' },
      eligible: ['none', 'hello', 'ten'],
      action: given ? 'ten' : i % 3 === 0 ? 'hello' : 'none',
      cart: [{ sku: 'x', quantity: 2, price: 25 }],
    };
  });
  // Nothing to give to these: they count in no group.
  const idle = Array.from({ length: 300 }, (_, i) => ({
    ...lines[0]!,
    id: `i${i}`,
    visitor: `i${i}`,
    eligible: ['none', 'hello'],
    action: 'none',
  }));
  writeFileSync(join(dir, 'promotions.json'), JSON.stringify(promotions));
  writeFileSync(
    join(dir, 'decisions.jsonl'),
    [...lines, ...idle].map((line) => JSON.stringify(line)).join('\n'),
  );
  return dir;
}

async function report(
  values: Record<string, string>,
): Promise<{ code: number; lines: Line[]; said: string[] }> {
  const lines: Line[] = [];
  const said: string[] = [];
  const io = {
    out: (line: string) => void lines.push(JSON.parse(line)),
    progress: { ...SILENT, say: (text: string) => void said.push(text) },
  };
  const code = await command.run(values, ['parity'], io as unknown as Parameters<typeof command.run>[2]);
  return { code, lines, said };
}

describe('report parity', () => {
  it('finds the difference between ages that was put in, in probability and in worth', async () => {
    const { code, lines, said } = await report({ data: folder(), group: 'age', cuts: '40' });
    expect(code).toBe(0);
    const [young, old] = ['below 40', '40 and more'].map(
      (name) => lines.find((line) => line.group === name && 'visitors' in line)!,
    );
    expect(young).toMatchObject({
      decisions: 1000,
      visitors: 1000,
      probability: { value: 0.3 },
      worth: { value: 150 },
    });
    expect(old).toMatchObject({
      probability: { value: 0.5 },
      worth: { value: 250 },
      share_of_worth: 250 / 400,
    });
    const difference = lines.find((line) => line.measure === 'probability' && 'difference' in line)!;
    expect(Math.abs(difference.difference as number)).toBeCloseTo(0.2, 12);
    expect(lines.at(-1)).toEqual({ verdict: 'violated', measure: 'probability', tolerance: 0.05 });
    expect(said.join('\n')).toContain('300 decisions where no discount was eligible left out');
  });

  it('finds none where none was put in', async () => {
    const { lines } = await report({ data: folder(8000), group: 'town' });
    expect(lines.at(-1)).toMatchObject({ verdict: 'within' });
  });

  it('refuses thin evidence with exit code 1, and an attribute that is not there with bad use', async () => {
    const { code, lines } = await report({ data: folder(150), group: 'town' });
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]!.refused).toMatch(/A: 75 visitors, 100 needed/);
    await expect(report({ data: folder(50), group: 'shoe' })).rejects.toThrow(
      /attributes.shoe: expected the group.*age, town/,
    );
    await expect(report({ data: folder(50), group: 'age', cuts: '40,30' })).rejects.toThrow(
      /--cuts: expected ascending/,
    );
  });
});
