import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { newDraft } from '../../sdk/build-draft.ts';
import { temporaryFolder } from '../helpers/import-here.ts';

it('a build clears what killed builds left, and neither the draft of one side by side nor what was built', async () => {
  const out = temporaryFolder();
  const running = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  try {
    const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
    const [left, ours, others] = [ended, process.pid, running.pid].map((pid) => `.build-${pid}-abc`) as [
      string,
      string,
      string,
    ];
    for (const draft of [left, ours, others, '.build-unnamed']) {
      mkdirSync(join(out, draft));
      writeFileSync(join(out, draft, 'promo-edge.js'), '');
    }
    writeFileSync(join(out, 'promo-edge.js'), '');
    const draft = await newDraft(out);
    expect(dirname(draft)).toBe(out);
    expect(readdirSync(draft)).toEqual([]);
    expect(new Set(readdirSync(out))).toEqual(new Set(['promo-edge.js', ours, others, basename(draft)]));
  } finally {
    running.kill();
  }
});
