import { describe, expect, it } from 'vitest';
import type { Learned as Own } from '../../../sdk/protocol.ts';
import { openLearned } from '../../../sdk/worker/learned.ts';
import { memoryStore } from '../../../sdk/worker/memory-store.ts';

const OWN: Own = { release: 3, by: { gift: 0.5 } };

/** A device whose helper answers when it is told to. */
function device({ adapt = 'on' as 'on' | 'off', store = memoryStore() } = {}) {
  let answer: (own: Own | undefined) => void = () => undefined;
  const coming = new Promise<Own | undefined>((resolve) => {
    answer = resolve;
  });
  return { learned: openLearned(store, () => coming, adapt === 'on'), answer, store };
}

describe('what a device has learned', () => {
  it('counts under the release that it was learned for alone, on later pages too', async () => {
    const { learned, answer, store } = device();
    await learned.setConsent('granted');
    answer(OWN);
    await learned.turn();
    expect(learned.under(3)).toEqual({ gift: 0.5 });
    expect(learned.under(4)).toBeUndefined();
    const next = device({ store }).learned;
    await next.setConsent('granted');
    expect(next.under(3)).toEqual({ gift: 0.5 });
  });

  it('counts at once where consent is said again', async () => {
    const { learned, answer } = device();
    await learned.setConsent('granted');
    answer(OWN);
    await learned.turn();
    const said = learned.setConsent('granted');
    expect(learned.under(3)).toEqual({ gift: 0.5 });
    await said;
  });

  it('is gone once the shopper has it forgotten, also where it was just being learned', async () => {
    const { learned, answer, store } = device();
    await learned.setConsent('granted');
    const turn = learned.turn();
    learned.forget();
    answer(OWN);
    await turn;
    expect(learned.under(3)).toBeUndefined();
    expect(await store.get('own')).toBeUndefined();
  });

  it.each(['pending', 'denied'] as const)('is nothing while consent is %s', async (consent) => {
    const { learned, answer, store } = device();
    await store.set('own', OWN);
    await learned.setConsent('granted');
    await learned.setConsent(consent);
    answer(OWN);
    await learned.turn();
    expect(learned.under(3)).toBeUndefined();
  });

  it('is nothing where the shop has switched it off, whatever is kept', async () => {
    const { learned, answer, store } = device({ adapt: 'off' });
    await store.set('own', OWN);
    await learned.setConsent('granted');
    answer({ release: 3, by: { gift: 9 } });
    await learned.turn();
    expect(learned.under(3)).toBeUndefined();
    expect(await store.get('own')).toEqual(OWN);
  });
});
