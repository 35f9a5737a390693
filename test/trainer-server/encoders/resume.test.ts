import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import type { Checkpoints } from '../../../trainer-server/training-options.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { ringDataset, smallTraining } from '../../helpers/ring-shop.ts';

const dataset = { ...ringDataset(60), products: [] };
const options = () => {
  const small = smallTraining('resume');
  return { ...small, only: ['session' as const], session: { ...small.session!, steps: 12, patience: 9 } };
};

it('a killed run that is taken up ends with the parameters of one that was not', async () => {
  const whole = await trainEncoders(dataset, options());
  const kept = new Map<string, Uint8Array>();
  let saves = 0;
  const dying: Checkpoints = {
    load: async (name) => kept.get(name),
    save: async (name, bytes) => {
      kept.set(name, bytes.slice());
      if (++saves === 2) throw new Error('killed');
    },
  };
  await expect(trainEncoders(dataset, { ...options(), checkpoints: dying })).rejects.toThrow('killed');
  const resumed = await trainEncoders(dataset, { ...options(), checkpoints: dying });
  expect(resumed.session!.report.steps).toBe(whole.session!.report.steps);
  expect(resumed.session!.table).toEqual(whole.session!.table);
  expect(resumed.session!.parameters).toEqual(whole.session!.parameters);
}, 60_000);

it('goes on from an earlier release: its first held-out ranks are the earlier ones, not those of noise', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'from-'));
  try {
    const long = { ...options(), session: { ...options().session, steps: 120 } };
    const earlier = await trainEncoders(dataset, long);
    await writeEncoderBundle(join(folder, 'bundle'), earlier);
    const from = await openBundle(join(folder, 'bundle'));
    const short = {
      ...options(),
      session: { ...options().session, steps: 1, epochs: { least: 1, most: 1 } },
    };
    const continued = await trainEncoders(dataset, { ...short, from });
    const fresh = await trainEncoders(dataset, short);
    const { heldOutRank } = continued.session!.report;
    expect(heldOutRank).toBeGreaterThan(0.8 * earlier.session!.report.heldOutRank);
    expect(heldOutRank).toBeGreaterThan(1.5 * fresh.session!.report.heldOutRank);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
