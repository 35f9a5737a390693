import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConsentChange } from '../../../../sdk/page/consent/consent.ts';
import { listenToConsent } from '../../../../sdk/page/consent/index.ts';
import { type TcData, tcfConsent } from '../../../../sdk/page/consent/tcf.ts';

/** What a tool of version 2.2 hands its listeners, with these purposes agreed to. */
const tcData = (agreed: number[], more: Partial<TcData> = {}): TcData => ({
  eventStatus: 'useractioncomplete',
  gdprApplies: true,
  listenerId: 7,
  purpose: {
    consents: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i + 1, agreed.includes(i + 1)])),
  },
  ...more,
});

const EVERY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

afterEach(() => vi.unstubAllGlobals());

describe('the Transparency and Consent Framework', () => {
  it.each<[string, TcData, ConsentChange | undefined]>([
    ['all of it', tcData(EVERY), { personalization: true, measurement: true, reports: true }],
    ['nothing', tcData([]), { personalization: false, measurement: false, reports: false }],
    [
      'everything but storage',
      tcData(EVERY.slice(1)),
      { personalization: false, measurement: false, reports: false },
    ],
    [
      'a personalised shop alone',
      tcData([1, 5, 6]),
      { personalization: true, measurement: false, reports: false },
    ],
    [
      'measuring without developing',
      tcData([1, 8]),
      { personalization: false, measurement: false, reports: true },
    ],
    [
      'everything for vendors, but not for the shop itself',
      tcData(EVERY, { publisher: { consents: { 1: true, 8: false } } }),
      { personalization: true, measurement: false, reports: false },
    ],
    ['nothing yet: the questions are open', tcData(EVERY, { eventStatus: 'cmpuishown' }), undefined],
    [
      'an earlier answer',
      tcData([1, 8], { eventStatus: 'tcloaded' }),
      { personalization: false, measurement: false, reports: true },
    ],
    [
      'an answer without purposes',
      { eventStatus: 'tcloaded' },
      { personalization: false, measurement: false, reports: false },
    ],
  ])('%s', (_what, data, change) => {
    expect(tcfConsent(data)).toEqual(change);
  });

  it('is listened to, and left', () => {
    const said: ConsentChange[] = [];
    const calls: unknown[][] = [];
    vi.stubGlobal('__tcfapi', (...call: unknown[]) => {
      calls.push(call);
      if (call[0] === 'addEventListener')
        (call[2] as (data: TcData, ok: boolean) => void)(tcData([1, 8]), true);
    });
    const stop = listenToConsent('tcf', (change) => said.push(change), 'granted');
    expect(said).toEqual([{ personalization: false, measurement: false, reports: true }]);
    vi.stubGlobal('removeEventListener', () => undefined);
    stop();
    expect(calls.map(([command, version]) => [command, version])).toEqual([
      ['addEventListener', 2],
      ['removeEventListener', 2],
    ]);
    expect(calls[1]![3]).toBe(7);
  });

  it('leaves personalization to the shop where the GDPR does not apply, and sends nothing on that', () => {
    const said: ConsentChange[] = [];
    vi.stubGlobal('__tcfapi', (_: string, __: number, listener: (data: TcData, ok: boolean) => void) =>
      listener({ gdprApplies: false, eventStatus: 'tcloaded' }, true),
    );
    listenToConsent('tcf', (change) => said.push(change), 'pending');
    expect(said).toEqual([{ personalization: 'pending' }]);
  });

  it('means no where it fails, and says nothing where it throws', () => {
    const said: ConsentChange[] = [];
    vi.stubGlobal('__tcfapi', (_: string, __: number, listener: (data: null, ok: boolean) => void) =>
      listener(null, false),
    );
    listenToConsent('tcf', (change) => said.push(change), 'granted');
    expect(said).toEqual([{ personalization: false, measurement: false, reports: false }]);
    const complaint = vi.spyOn(console, 'error').mockReturnValue();
    vi.stubGlobal('__tcfapi', () => {
      throw new Error('broken tool');
    });
    listenToConsent('tcf', (change) => said.push(change), 'granted');
    expect(said).toHaveLength(1);
    expect(complaint).toHaveBeenCalledOnce();
    complaint.mockRestore();
  });
});
