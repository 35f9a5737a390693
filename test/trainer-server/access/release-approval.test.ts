import { describe, expect, it } from 'vitest';
import { decide, setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { publishBundle, republish } from '../../../trainer-server/release/publish.ts';
import { NOW, signing, smallBundle } from '../../helpers/served.ts';

function withFourEyes() {
  const { store, options } = signing();
  setFourEyes(store, true, NOW);
  const approve = (id: number): unknown => decide(store, { id }, true, 'Bob', NOW);
  return { store, approve, options: { ...options, who: 'Ann' } };
}

describe('a release under four eyes', () => {
  it('goes out once somebody else has approved just that content', async () => {
    const { store, approve, options } = withFourEyes();
    const bundle = await smallBundle('one');
    await expect(publishBundle(bundle, options)).rejects.toThrow(/waits as proposal 1 of Ann/);
    await expect(publishBundle(bundle, options)).rejects.toThrow(/waits as proposal 1 of Ann/);
    expect(store.releases.running('demo')).toBeUndefined();
    approve(1);
    const other = await smallBundle('two');
    await expect(publishBundle(other, options)).rejects.toThrow(/waits as proposal 2/);
    expect((await publishBundle(bundle, options)).version).toBe(1);
    expect(store.audit.list('demo')[0]).toMatchObject({ who: 'Ann', action: 'publish' });
  });

  it('needs a new approval each time, and one of its own for more devices', async () => {
    const { approve, options } = withFourEyes();
    const bundle = await smallBundle('one');
    const canary = { ...options, canaryShare: 0.05 };
    await expect(publishBundle(bundle, canary)).rejects.toThrow(/proposal 1/);
    approve(1);
    await expect(publishBundle(bundle, options)).rejects.toThrow(/proposal 2/);
    await publishBundle(bundle, canary);
    await expect(publishBundle(bundle, canary)).rejects.toThrow(/proposal 3/);
    expect(() => republish({ action: 'renew' }, { ...options, canaryShare: 0.5 })).toThrow(/proposal 4/);
    approve(4);
    expect(republish({ action: 'renew' }, { ...options, canaryShare: 0.5 }).version).toBe(2);
  });

  it('names who proposes it', async () => {
    const { options } = withFourEyes();
    const { who: _, ...nobody } = options;
    await expect(publishBundle(await smallBundle(), nobody)).rejects.toThrow(/PROMO_EDGE_TOKEN: expected/);
  });

  it('waits for nobody where it makes things safer at once', async () => {
    const { store, approve, options } = withFourEyes();
    for (const [index, content] of ['one', 'two'].entries()) {
      const bundle = await smallBundle(content);
      await expect(publishBundle(bundle, options)).rejects.toThrow();
      approve(index + 1);
      await publishBundle(bundle, options);
    }
    expect(republish({ action: 'off' }, options).version).toBe(3);
    expect(republish({ action: 'rollback', version: 1 }, options).version).toBe(4);
    expect(republish({ action: 'renew' }, options).version).toBe(5);
    expect(store.approvals.list('demo', 'open')).toEqual([]);
  });
});
