import { describe, expect, it } from 'vitest';
import { readSchedule } from '../../../shared/promotions/read-schedule.ts';
import { isOpen, runsAt, whyNotAt } from '../../../shared/promotions/schedule.ts';

describe('the schedule of a promotion', () => {
  const terms = { type: 'percentage', percent: 10 } as const;

  it('includes its start and excludes its end', () => {
    const promotion = { terms, schedule: { starts: 100, ends: 200 } };
    expect([99, 100, 199, 200].map((now) => runsAt(promotion, now))).toEqual([false, true, true, false]);
  });

  it('ends a flash sale at its own end, where that comes first', () => {
    const sale = { terms: { type: 'flash_sale', percent: 10, ends: 150 } as const, schedule: { ends: 200 } };
    expect([149, 150].map((now) => runsAt(sale, now))).toEqual([true, false]);
  });

  it('cannot be checked without a time and then forbids nothing', () => {
    expect(runsAt({ terms, schedule: { ends: 200 } }, undefined)).toBe(true);
  });

  it('says why it does not run', () => {
    const schedule = { starts: 100, ends: 200, windows: [{ from: '12:00' }] };
    expect([99, 200, 150].map((now) => whyNotAt({ terms, schedule }, now))).toEqual([
      'not-started',
      'ended',
      'outside-hours',
    ]);
  });
});

describe('weekly windows', () => {
  const at = (iso: string) => Date.parse(iso);

  it('are of the wall clock of their zone', () => {
    const evening = { days: ['fri' as const], from: '18:00', to: '20:00' };
    // Friday 27 November 2026, 18:30 in New York, is already Saturday in Berlin.
    expect(isOpen(evening, at('2026-11-27T23:30:00Z'), 'America/New_York')).toBe(true);
    expect(isOpen(evening, at('2026-11-27T23:30:00Z'), 'Europe/Berlin')).toBe(false);
    expect(isOpen(evening, at('2026-11-27T17:00:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpen(evening, at('2026-11-27T19:00:00Z'), 'Europe/Berlin')).toBe(false);
  });

  it('keep their hour when the clocks change', () => {
    const morning = { from: '09:00', to: '10:00' };
    // Berlin is UTC+1 on 28 March 2026 and UTC+2 on the 29th.
    expect(isOpen(morning, at('2026-03-28T08:30:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpen(morning, at('2026-03-29T07:30:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpen(morning, at('2026-03-29T08:30:00Z'), 'Europe/Berlin')).toBe(false);
  });

  it('are open in both runs of an hour that is repeated, and in none of one that is skipped', () => {
    const night = { from: '02:00', to: '03:00' };
    const open = (day: string) =>
      [0, 15, 30, 45].flatMap((minute) =>
        [0, 1, 2, 3].filter((hour) =>
          isOpen(night, at(`${day}T0${hour}:${`${minute}`.padStart(2, '0')}:00Z`), 'Europe/Berlin'),
        ),
      );
    // 25 October 2026: 02:00-03:00 comes at 00:00Z (summer time) and again at 01:00Z (winter time).
    expect(open('2026-10-25')).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(open('2026-03-29')).toEqual([]);
  });

  it('that pass midnight belong to the day on which they start', () => {
    const late = { days: ['sat' as const], from: '22:00', to: '02:00' };
    const open = (iso: string) => isOpen(late, at(iso), 'UTC');
    expect([
      open('2026-11-21T21:59:59Z'),
      open('2026-11-21T22:00:00Z'),
      open('2026-11-22T01:59:59Z'),
      open('2026-11-22T02:00:00Z'),
      open('2026-11-21T01:00:00Z'),
    ]).toEqual([false, true, true, false, false]);
  });

  it('know zones of half and quarter hours', () => {
    // Kathmandu is UTC+5:45.
    expect(isOpen({ from: '05:45', to: '05:46' }, at('2026-11-22T00:00:00Z'), 'Asia/Kathmandu')).toBe(true);
  });
});

describe('reading a schedule', () => {
  it('takes a time without an offset on the wall clock of its zone, else of UTC', () => {
    expect(
      readSchedule({ starts: '2026-07-01', ends: '2026-07-02T00:00', time_zone: 'Europe/Berlin' }),
    ).toEqual({
      starts: Date.parse('2026-06-30T22:00:00Z'),
      ends: Date.parse('2026-07-01T22:00:00Z'),
      timeZone: 'Europe/Berlin',
    });
    expect(readSchedule({ starts: '2026-07-01T10:00:00' }).starts).toBe(Date.parse('2026-07-01T10:00:00Z'));
    expect(readSchedule({ starts: '2026-07-01T10:00:00+03:00', time_zone: 'Asia/Tokyo' }).starts).toBe(
      Date.parse('2026-07-01T07:00:00Z'),
    );
  });

  it('moves a skipped time forward and takes the first of a repeated one', () => {
    const start = (local: string) => readSchedule({ starts: local, time_zone: 'America/New_York' }).starts;
    // 8 March 2026: 02:30 does not exist; with the offset before it, UTC-5, it is 03:30 summer time.
    expect(start('2026-03-08T02:30')).toBe(Date.parse('2026-03-08T07:30:00Z'));
    // 1 November 2026: 01:30 comes twice, first in summer time, UTC-4.
    expect(start('2026-11-01T01:30')).toBe(Date.parse('2026-11-01T05:30:00Z'));
  });

  it.each([
    [{ time_zone: 'Europe/Atlantis' }, /schedule\.time_zone: expected an IANA time zone/],
    [{ starts: 'soon' }, /schedule\.starts: expected an ISO 8601 time/],
    [{ starts: 200, ends: 100 }, /schedule\.ends: expected an end after the start/],
    [{ windows: [{ days: ['monday'] }] }, /schedule\.windows\[0\]\.days: expected a list of sun, mon/],
    [{ windows: [{ from: '9:00' }] }, /schedule\.windows\[0\]\.from: expected a time HH:MM/],
    [{ windows: [{ til: '09:00' }] }, /schedule\.windows\[0\]\.til: expected only days, from, to/],
  ])('refuses %j', (raw, message) => expect(() => readSchedule(raw)).toThrow(message));
});
