import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { discountParity, type ParityDecision, parityVerdict } from '../../../trainer-server/law/parity.ts';

/** `given` of `count` visitors get a discount of this worth, one decision each. */
function group(name: string, count: number, given: number, worth = 1): ParityDecision[] {
  return Array.from({ length: count }, (_, i) => ({
    group: name,
    visitor: `${name}${i}`,
    given: i < given,
    worth: i < given ? worth : 0,
  }));
}
const Z = 1.959963984540054;

describe('discount parity', () => {
  it('of single decisions is the difference of two proportions with its textbook interval', () => {
    const report = discountParity([...group('a', 400, 100), ...group('b', 200, 80)], 'a');
    const [difference] = report.differences;
    expect(difference).toMatchObject({ group: 'b', reference: 'a', measure: 'probability' });
    expect(difference!.value).toBeCloseTo(0.4 - 0.25, 12);
    // s^2 = p (1 - p) n / (n - 1), divided by n.
    const error = Math.sqrt((0.25 * 0.75) / 399 + (0.4 * 0.6) / 199);
    expect(difference!.low).toBeCloseTo(0.15 - Z * error, 9);
    expect(difference!.high).toBeCloseTo(0.15 + Z * error, 9);
    // Two measures: Bonferroni at 2.5 % each, z(1.25 %) = 2.2414.
    expect(difference!.highOfAll).toBeCloseTo(0.15 + 2.241402727604947 * error, 9);
  });

  it('gives shares of what was given beside shares of decisions', () => {
    const { groups } = discountParity([...group('a', 300, 100, 2), ...group('b', 100, 50, 6)]);
    const shares = groups.map((entry) => [entry.group, entry.shareOfWorth, entry.shareOfDecisions]);
    expect(shares).toEqual([
      ['a', 200 / 500, 0.75],
      ['b', 300 / 500, 0.25],
    ]);
    expect(groups.map(({ worth }) => worth.value)).toEqual([2 / 3, 3]);
  });

  it('counts visitors, not decisions: the same decisions repeated make no interval shorter', () => {
    const once = [...group('a', 200, 60), ...group('b', 200, 90)];
    const often = Array.from({ length: 7 }, () => once).flat();
    const [short] = discountParity(often).differences;
    const [long] = discountParity(once).differences;
    expect(short!.high - short!.low).toBeCloseTo(long!.high - long!.low, 12);
  });

  it('knows that a visitor in both groups moves both', () => {
    // Everyone decides once in each group, alike: the difference is exactly 0, without error.
    const both = [...group('a', 150, 50), ...group('a', 150, 50).map((row) => ({ ...row, group: 'b' }))];
    const [difference] = discountParity(both).differences;
    expect([difference!.value, difference!.low, difference!.high]).toEqual([0, 0, 0]);
  });

  it('refuses groups that are thin, and says why', () => {
    const rows = [
      ...group('a', 200, 60),
      ...group('b', 200, 60),
      ...group('c', 99, 50),
      ...group('d', 200, 9),
      ...group('e', 200, 195),
    ];
    expect(discountParity(rows).refused).toEqual({
      c: '99 visitors, 100 needed',
      d: '9 visitors with a discount, 10 needed',
      e: '5 visitors without a discount, 10 needed',
    });
    expect(() => discountParity([...group('a', 200, 60), ...group('c', 99, 50)])).toThrow(/c: 99 visitors/);
    expect(() => discountParity(rows, 'c')).toThrow(/the reference among them/);
    expect(() => discountParity([])).toThrow(/found 0/);
  });

  it('covers the true difference in 95 % of worlds, where visitors repeat themselves', () => {
    const random = seeded(5);
    const worlds = 1000;
    let covered = 0;
    for (let world = 0; world < worlds; world++) {
      const rows: ParityDecision[] = [];
      for (const [name, mean] of [
        ['a', 0.3],
        ['b', 0.45],
      ] as const) {
        for (let visitor = 0; visitor < 120; visitor++) {
          // A visitor's own rate is 0.2 below or above the group's: decisions of one are alike.
          const rate = mean + (random.next() < 0.5 ? -0.2 : 0.2);
          for (let i = 0; i <= visitor % 5; i++) {
            const given = random.next() < rate;
            rows.push({ group: name, visitor: `${name}${visitor}`, given, worth: given ? 1 : 0 });
          }
        }
      }
      const { low, high } = discountParity(rows, 'a').differences[0]!;
      if (low <= 0.15 && 0.15 <= high) covered++;
    }
    // 4 standard errors of a share of 0.95 over 1,000 worlds.
    expect(Math.abs(covered / worlds - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / worlds));
  });
});

describe('the verdict on parity', () => {
  const verdict = (given: number, count: number, tolerance: number): string =>
    parityVerdict(
      discountParity([...group('a', count, count / 2), ...group('b', count, given)]).differences,
      'probability',
      tolerance,
    );

  it('is within, violated or, where the interval straddles the tolerance, undecided', () => {
    expect(verdict(5000, 10_000, 0.05)).toBe('within');
    expect(verdict(4000, 10_000, 0.05)).toBe('violated');
    expect(verdict(100, 200, 0.05)).toBe('undecided');
    expect(verdict(90, 200, 0.05)).toBe('undecided');
    expect(parityVerdict([], 'probability', 1)).toBe('undecided');
  });
});
