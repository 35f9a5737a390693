/** The script tag: one SDK a page, its queue taken over, nothing ever thrown into the page. */

import { optionsOf, settingsOf } from './options.ts';
import { createClient } from './page/client.ts';
import { guard } from './page/emitter.ts';

type Command = Parameters<ReturnType<typeof createClient>['push']>[0];

function load(): void {
  const page = globalThis as { promoEdge?: Command[] | ReturnType<typeof createClient> };
  const queue = page.promoEdge ?? [];
  // A second tag, or the same one run again, finds the object instead of the queue.
  if (!Array.isArray(queue)) return;
  // Optimizers that run scripts later, and modules, have no current one.
  const script = document.currentScript ?? document.querySelector('script[data-site-key]');
  const edge = createClient(settingsOf(optionsOf(script as HTMLScriptElement)));
  page.promoEdge = edge;
  queue.forEach(edge.push);
}

guard(load);
