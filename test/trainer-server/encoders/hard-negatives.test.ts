import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { besideNeighbours } from '../../../trainer-server/encoders/hard-negatives.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { ringDataset, smallTraining } from '../../helpers/ring-shop.ts';

const at = (...degrees: number[]): Float32Array =>
  Float32Array.from(degrees.flatMap((x) => [Math.cos((x * Math.PI) / 180), Math.sin((x * Math.PI) / 180)]));

describe('pairs beside their neighbours', () => {
  const settings = { neighbours: 1, margin: 0.95, pool: 1 };

  it('stand two and two by their angle, wherever they were drawn', () => {
    // 40 degrees apart: cosine .77; 80 and more: .17 and less.
    const angles = at(0, 120, 40, 240, 160, 280);
    expect(besideNeighbours(angles, angles, 2, settings)).toEqual([0, 2, 1, 4, 3, 5]);
  });

  it('keep apart what is nearly as near as a pair itself: it is likely the same product', () => {
    // 10 degrees: cosine .985, above .95 of a pair's own 1; the next nearest is taken instead.
    const angles = at(0, 10, 50);
    expect(besideNeighbours(angles, angles, 2, settings)).toEqual([0, 2, 1]);
    expect(besideNeighbours(angles, angles, 2, { ...settings, margin: 1.01 })).toEqual([0, 1, 2]);
  });

  it('measures the margin by the pair whose own texts are less alike', () => {
    // The second pair's texts are 60 degrees apart, cosine .5: a neighbour at .77 is nearer than they are.
    expect(besideNeighbours(at(0, 40, 300), at(0, 100, 300), 2, settings)).toEqual([0, 2, 1]);
  });

  it('are each there once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(8), fc.nat(), (pairs, neighbours, seed) => {
        const random = seeded(`${seed}`);
        const angles = at(...Array.from({ length: pairs }, () => random.int(360)));
        const order = besideNeighbours(angles, angles, 2, { ...settings, neighbours });
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(pairs).keys()]);
      }),
      { numRuns: 50 },
    );
  });
});

it('the text encoder trains on batches of neighbours, each pair of a pool once', async () => {
  const small = smallTraining('neighbours');
  const contrastive = {
    ...small.text!.contrastive,
    batch: 8,
    steps: { least: 5, most: 5 },
    negatives: { neighbours: 3, margin: 0.95, pool: 2 },
  };
  const models = await trainEncoders(ringDataset(20), {
    ...small,
    only: ['text'],
    text: { ...small.text!, contrastive },
  });
  expect(models.report.text_contrastiveLoss).toBeGreaterThan(0);
  expect(models.report).not.toHaveProperty('text_vectorsLoss');
}, 60_000);
