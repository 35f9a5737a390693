/** Every verb of the command line, in the order in which --help lists them. Loaded only when used. */

import type { Command } from './command.ts';

export interface CommandEntry {
  name: string;
  load(): Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  { name: 'import', load: async () => (await import('./import.ts')).command },
  { name: 'recommend', load: async () => (await import('./recommend.ts')).command },
  { name: 'search', load: async () => (await import('./search.ts')).command },
  { name: 'classify', load: async () => (await import('./classify.ts')).command },
  { name: 'match', load: async () => (await import('./match.ts')).command },
  { name: 'embed', load: async () => (await import('./embed.ts')).command },
  { name: 'train', load: async () => (await import('./train.ts')).command },
  { name: 'simulate', load: async () => (await import('./simulate.ts')).command },
  { name: 'evaluate', load: async () => (await import('./evaluate.ts')).command },
  { name: 'decide', load: async () => (await import('./decide.ts')).command },
  { name: 'types', load: async () => (await import('./types.ts')).command },
  { name: 'report', load: async () => (await import('./report.ts')).command },
  { name: 'publish', load: async () => (await import('./publish.ts')).command },
  { name: 'rollback', load: async () => (await import('./rollback.ts')).command },
  { name: 'tag', load: async () => (await import('./tag.ts')).command },
  { name: 'serve', load: async () => (await import('./serve.ts')).command },
  { name: 'coupons', load: async () => (await import('./coupons.ts')).command },
  { name: 'keys', load: async () => (await import('./keys.ts')).command },
  { name: 'tokens', load: async () => (await import('./tokens.ts')).command },
  { name: 'approvals', load: async () => (await import('./approvals.ts')).command },
  { name: 'audit', load: async () => (await import('./audit.ts')).command },
  { name: 'person', load: async () => (await import('./person.ts')).command },
  { name: 'backup', load: async () => (await import('./backup.ts')).command },
  { name: 'doctor', load: async () => (await import('./doctor.ts')).command },
];
