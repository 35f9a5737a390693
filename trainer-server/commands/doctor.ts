/** `doctor`: what this installation lacks, and what to do about it. */

import { CONFIG } from '../config.ts';
import { type CheckContext, examine } from '../doctor/check.ts';
import { CHECKS } from '../doctor/checks.ts';
import { packageRoot } from '../package-root.ts';
import type { Command } from './command.ts';

/** The demo shop's. */
const SHOP_PORT = 5173;

export const command: Command = {
  name: 'doctor',
  summary: 'check this installation',
  help: `
promo-edge doctor [--db DIR]

A line per check: ok, warn or fail, what was found, and what to do. Ends with 1 where one failed.

  --db DIR   look at the keys and verify the audit log there, too
`,
  options: { db: { type: 'string' } },
  async run(values, _positionals, io) {
    const context: CheckContext = {
      env: io.env,
      node: process.versions.node,
      root: packageRoot(),
      ports: [CONFIG.port, SHOP_PORT],
      ...(typeof values.db === 'string' ? { db: values.db } : {}),
    };
    const findings = await examine(CHECKS, context);
    const width = Math.max(...findings.map((finding) => finding.name.length));
    for (const { level, name, text, fix } of findings)
      io.out(`${level.padEnd(4)}  ${name.padEnd(width)}  ${text}${fix === undefined ? '' : `. ${fix}`}`);
    return findings.some((finding) => finding.level === 'fail') ? 1 : 0;
  },
};
