import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command as importCommand } from '../../../trainer-server/commands/import.ts';
import { run } from '../../helpers/command-screen.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('import', () => {
  it('ends with 0 where rows were kept, with 1 where none was', async () => {
    const file = join(temporaryFolder(), 'products.jsonl');
    writeFileSync(file, '{"sku":"A"}\n');
    expect((await run(importCommand, { data: temporaryFolder() }, ['jsonl', file])).code).toBe(0);
    writeFileSync(file, '{"price":3}\n');
    const { code, out } = await run(importCommand, { data: temporaryFolder() }, ['jsonl', file]);
    expect(code).toBe(1);
    expect(out.join('\n')).toMatch(/read products\.jsonl\s+rows\s+1\s+0\s+1 rejected/);
  });

  it('lists the formats where it does not know one', async () => {
    await expect(run(importCommand, { data: '/tmp' }, ['excel', 'x'])).rejects.toThrow(
      /FORMAT: expected one of jsonl, online-retail, feedback, found excel/,
    );
  });
});
