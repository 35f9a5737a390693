import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';
import { feedback } from '../../../trainer-server/import/feedback.ts';
import { runImport } from '../../../trainer-server/import/run-import.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { storeWithFixture, THEN, trajectory } from '../../helpers/device.ts';
import { balances, temporaryFolder } from '../../helpers/import-here.ts';

describe('import feedback', () => {
  it('turns trajectories and orders into decisions and events that train', async () => {
    const { store, fixture, database } = await storeWithFixture();
    const lines = [
      await trajectory(fixture, 'a'),
      { ...(await trajectory(fixture, 'b')), exposed: false },
      await trajectory(fixture, 'c', { visitor: 'v2' }),
    ];
    for (const line of lines)
      store.trajectories.append('demo', { id: line.id, received: THEN, body: JSON.stringify(line) });
    const order = { id: '77', kind: 'purchase', ts: THEN, items: [{ sku: 'p9', quantity: 1, price: 4.33 }] };
    store.orders.append('demo', { id: '77', received: THEN, body: JSON.stringify(order) });
    const dir = temporaryFolder();
    const options = {
      importer: feedback,
      files: [database],
      dir,
      progress: SILENT,
      now: THEN + 1e6,
      signal: new AbortController().signal,
    };
    const report = await runImport(options);
    expect(balances(report)).toBe(true);

    const dataset = await loadDataset(dir);
    expect(dataset.shop.currency).toBe('EUR');
    expect(dataset.rejected).toEqual([]);
    expect(dataset.decisions.map(({ id, action, propensity }) => [id, action, propensity])).toEqual([
      ['a', lines[0]!.action, lines[0]!.propensity],
      ['c', lines[2]!.action, lines[2]!.propensity],
    ]);
    // v1's two trajectories tell the same three events; v2 has three, the order one.
    expect(dataset.events.map(({ visitor, name }) => `${visitor} ${name}`)).toEqual([
      'v1 view_item',
      'v1 add_to_cart',
      'v1 purchase',
      'v2 view_item',
      'v2 add_to_cart',
      'v2 purchase',
      'order-77 purchase',
    ]);
    expect(dataset.events[2]!.value).toBe(496);

    await runImport(options);
    const again = await loadDataset(dir);
    expect(again.events).toHaveLength(7);
    expect(again.decisions).toHaveLength(2);
  });
});
