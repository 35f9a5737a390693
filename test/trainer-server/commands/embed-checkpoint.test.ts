import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { command } from '../../../trainer-server/commands/embed.ts';
import { SILENT } from '../../../trainer-server/progress.ts';

it('embeds texts and products with a published checkpoint, without a bundle', async () => {
  const lines: string[] = [];
  const asked = [{ id: 'a', text: 'a blue mug' }, { product: { title: 'a blue mug' } }, { text: 'teapots' }];
  const code = await command.run({ checkpoint: join(import.meta.dirname, '../../cases/bert') }, [], {
    stdin: Readable.from(asked.map((line) => `${JSON.stringify(line)}\n`)),
    out: (line) => lines.push(line),
    progress: SILENT,
    now: () => 0,
    env: {},
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  const [a, b, c] = lines.map((line) => JSON.parse(line) as { id?: string; vector: number[] });
  expect(a!.id).toBe('a');
  expect(Math.hypot(...a!.vector)).toBeCloseTo(1, 4);
  expect(b!.vector).toEqual(a!.vector);
  expect(c!.vector).not.toEqual(a!.vector);
});
