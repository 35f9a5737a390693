import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changed, unspoken } from '../../../../sdk/page/consent/consent.ts';

beforeEach(() => vi.stubGlobal('navigator', {}));
afterEach(() => vi.unstubAllGlobals());

describe('consent', () => {
  it('starts without a yes to any sending, and without storage where a tool has yet to speak', () => {
    expect(unspoken({ consent: 'granted', consentFrom: '' })).toEqual({
      personalization: 'granted',
      measurement: 'pending',
      reports: 'pending',
    });
    expect(unspoken({ consent: 'granted', consentFrom: 'tcf' }).personalization).toBe('pending');
    expect(unspoken({ consent: 'denied', consentFrom: 'tcf' }).personalization).toBe('denied');
  });

  it('changes purpose by purpose; anything but a yes is a no', () => {
    const before = unspoken({ consent: 'granted', consentFrom: '' });
    expect(changed(before, { measurement: true })).toEqual({ ...before, measurement: 'granted' });
    expect(changed(before, { reports: false, personalization: 'pending' })).toEqual({
      personalization: 'pending',
      measurement: 'pending',
      reports: 'denied',
    });
    expect(changed(before, { reports: undefined as never }).reports).toBe('denied');
  });

  it('bows to Global Privacy Control, from the start and whatever is said', () => {
    vi.stubGlobal('navigator', { globalPrivacyControl: true });
    const started = unspoken({ consent: 'granted', consentFrom: '' });
    expect(started).toEqual({ personalization: 'granted', measurement: 'denied', reports: 'denied' });
    expect(changed(started, { measurement: true, reports: 'granted' })).toEqual(started);
  });
});
