import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../shared/recommend/tables.ts';
import { type Bundle, sha256 } from '../../../trainer-server/release/bundle.ts';
import { forDevices } from '../../../trainer-server/release/device-files.ts';
import { bundleFixture } from '../../helpers/bundle-fixture.ts';
import { bundleOf } from '../../helpers/fixture-bundle.ts';

const PRODUCTS = 400;
/** Of the first group. */
const MOST_VISITED = 256;

/** As `train` would have written it, with a search index. */
async function trained(): Promise<Bundle> {
  const content = new TextEncoder().encode('{}');
  return bundleOf(await bundleFixture({ products: PRODUCTS }), [
    { path: 'search.json', role: 'search', group: 'idle', content },
  ]);
}

describe('what devices are given of a bundle', () => {
  it('is all of it where its catalogue is small enough for a table', async () => {
    const bundle = await trained();
    expect(await forDevices(bundle, PRODUCTS)).toBe(bundle);
  });

  it('has no table but of the most visited products where the catalogue is larger', async () => {
    const bundle = await trained();
    const cut = await forDevices(bundle, PRODUCTS - 1);
    const [all, few] = await Promise.all(
      [bundle, cut].map(async (from) =>
        readCatalogue((await from.catalogue())!, (await from.tensors('products'))!),
      ),
    );
    expect(few!.columns.sku).toEqual(all!.columns.sku.slice(0, MOST_VISITED));
    const width = all!.vectors.width;
    expect(few!.vectors.data).toEqual(all!.vectors.data.slice(0, MOST_VISITED * width));
    expect(few!.lookup.find('p255')).toEqual(all!.lookup.find('p255'));
    expect([all!.lookup.find('p256')?.row, few!.lookup.find('p256')]).toEqual([256, undefined]);
    // Whatever has a row for every product goes with it; what places a new product stays.
    expect(cut.manifest.files.map(({ role }) => role)).not.toContain('search');
    expect((await cut.catalogue())!.fusion).toEqual((await bundle.catalogue())!.fusion);
  });

  it('is named by the hashes and sizes of what it is', async () => {
    const cut = await forDevices(await trained(), PRODUCTS - 1);
    for (const file of cut.manifest.files) {
      const bytes = (await cut.bytes(file.role))!;
      expect([file.role, sha256(bytes), bytes.length]).toEqual([file.role, file.sha256, file.bytes]);
    }
  });
});
