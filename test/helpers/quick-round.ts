/** A turn of the page `/qa`'s loop in a moment: training is a signature, and the next release has other weights. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoopFolders, Run } from '../../demo-shop/qa/loop.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import { bundleFixture, type Fixture } from './bundle-fixture.ts';
import { temporaryFolder } from './import-here.ts';
import { NOW } from './served.ts';
import { published } from './shop-pages.ts';

const VERDICT = {
  shipped: true,
  against: 'the earlier release',
  value: 0.5,
  low: 0.1,
  high: 0.9,
  reasons: [],
};

export function loopFolders(): LoopFolders {
  const home = temporaryFolder();
  const catalogue = join(home, 'catalogue');
  mkdirSync(catalogue);
  return { catalogue, bundle: join(home, 'bundle'), db: home, rounds: join(home, 'rounds') };
}

export const runningVersion = (store: Store): number => store.releases.running('demo')!.version;

/** The command line in outline. @param commands hears what was asked of it */
export function quickRound(store: Store, { key }: Fixture, commands: string[][]): Run {
  return async (args, say) => {
    commands.push(args);
    const option = (name: string): string => args[args.indexOf(name) + 1]!;
    if (args[0] === 'simulate') mkdirSync(option('--out'), { recursive: true });
    if (args[0] === 'import') writeFileSync(join(option('--data'), 'decisions.jsonl'), '{}\n');
    if (args[0] === 'train') {
      mkdirSync(option('--out'), { recursive: true });
      writeFileSync(join(option('--out'), 'manifest.json'), JSON.stringify({ verdict: VERDICT }));
    }
    if (args[0] === 'publish') {
      const version = runningVersion(store) + 1;
      const next = await bundleFixture({ key, version, seed: 9, promotions: published() });
      for (const [sha256, bytes] of next.files)
        store.releases.addFile({ sha256, mediaType: 'application/octet-stream', bytes });
      const manifest = JSON.stringify(next.signed);
      store.releases.publish({ site: 'demo', version, manifest, published: NOW });
      say(`site demo runs release ${version}, mode on`);
    }
    return 0;
  };
}
