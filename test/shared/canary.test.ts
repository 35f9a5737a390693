import { describe, expect, it } from 'vitest';
import { inCanary, releaseFor } from '../../shared/canary.ts';
import type { Manifest } from '../../shared/manifest.ts';

const file = (sha256: string) => ({
  path: 'first.json',
  role: 'first-meta' as const,
  group: 'first' as const,
  sha256,
  bytes: 1,
});
const content = (sha256: string) => ({ budgetPrice: 0, files: [file(sha256)], parts: [], parity: {} });
const canary = (over: Partial<Manifest> = {}): Manifest => ({
  ...{ format: 1, version: 9, featureVersion: 1, created: 0, expires: 1, mode: 'on', canaryShare: 0.1 },
  ...content('a'.repeat(64)),
  stable: { version: 4, ...content('b'.repeat(64)) },
  ...over,
});
const salts = Array.from({ length: 20_000 }, (_, i) => `${(i * 2_654_435_761) >>> 0}-${i}-77-${i * 31}`);
const share = (manifest: Manifest): number =>
  salts.filter((salt) => inCanary(manifest, salt)).length / salts.length;

describe('the canary', () => {
  it('is taken by its share of devices', () => {
    // 20,000 draws: a standard error of 0.21 points at 10 %, 0.35 at 50 %; four of them.
    expect(Math.abs(share(canary()) - 0.1)).toBeLessThan(0.0085);
    expect(Math.abs(share(canary({ canaryShare: 0.5 })) - 0.5)).toBeLessThan(0.0142);
    expect(share(canary({ canaryShare: 0 }))).toBe(0);
  });

  it('keeps its devices through a renewal and a larger share', () => {
    for (const salt of salts.slice(0, 2000)) {
      if (!inCanary(canary(), salt)) continue;
      expect(inCanary(canary({ version: 12, created: 5 }), salt)).toBe(true);
      expect(inCanary(canary({ canaryShare: 0.2 }), salt)).toBe(true);
    }
  });

  it('falls on other devices the next time', () => {
    const next = canary({ files: [file('c'.repeat(64))] });
    const both =
      salts.filter((salt) => inCanary(canary(), salt) && inCanary(next, salt)).length / salts.length;
    // Independent: 1 %, with a standard error of 0.07 points.
    expect(Math.abs(both - 0.01)).toBeLessThan(0.003);
  });

  it('leaves everyone else the stable release, under its own version and the same expiry', () => {
    const out = salts.find((salt) => !inCanary(canary(), salt))!;
    expect(releaseFor(canary(), out)).toMatchObject({
      ...{ version: 4, canaryShare: 1, expires: 1, mode: 'on' },
      files: [file('b'.repeat(64))],
    });
    const first = canary();
    delete first.stable;
    expect(releaseFor(first, out)).toBeUndefined();
  });

  it('is switched off for those too who are not in it', () => {
    for (const salt of salts.slice(0, 100)) {
      const first = canary({ mode: 'off' });
      delete first.stable;
      expect(releaseFor(first, salt)?.mode).toBe('off');
    }
  });
});
