/** A process that reports orders for ever, each with an audit row in the same transaction: `order-writer.ts DIR`. */

import { openStore } from '../../trainer-server/store/store.ts';

const store = openStore(process.argv[2]!);
for (let id = 0; ; id++) {
  store.transaction(() => {
    store.orders.append('demo', {
      id: String(id),
      received: id,
      body: JSON.stringify({ id, padding: 'x'.repeat(500) }),
    });
    store.audit.add({ at: id, site: 'demo', action: 'order', detail: { id } });
  });
  if (id % 100 === 0) process.stdout.write(`${id}\n`);
  // Lets a signal in.
  if (id % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
