import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { seeded } from '../../../shared/random.ts';
import { drawCandidates } from '../../../trainer-server/encoders/candidates.ts';
import { batchShapes, epoch, sequencesOf } from '../../../trainer-server/encoders/session-examples.ts';

const lookup = {
  find: (sku: string) => (/^\d+$/.test(sku) ? { row: Number(sku), category: [] } : undefined),
};
const sequences = (events: BehaviourEvent[]) => sequencesOf(events, lookup, []);

describe('sequencesOf', () => {
  it('asks for the next product, whatever stands between', () => {
    const events: BehaviourEvent[] = [
      { visitor: 'v', name: 'view_item', sku: '3' },
      { visitor: 'v', name: 'search', query: 'mug' },
      { visitor: 'v', name: 'view_item', sku: '5' },
      { visitor: 'v', name: 'add_to_cart', sku: '5' },
      { visitor: 'v', name: 'add_to_cart', sku: '5' },
      { visitor: 'v', name: 'begin_checkout' },
    ];
    // Viewing 5 and then taking it asks nothing; taking it again does.
    expect([...sequences(events)[0]!.target]).toEqual([5, 5, -1, 5, -1, -1]);
  });

  it('reads every line of a large basket and leaves single visits out', () => {
    const items = Array.from({ length: 20 }, (_, i) => ({ sku: `${i}`, quantity: 1 }));
    const found = sequences([
      { visitor: 'a', name: 'purchase', items },
      { visitor: 'b', name: 'view_item', sku: '1' },
    ]);
    expect(found).toHaveLength(1);
    expect([...found[0]!.row]).toEqual(items.map((_, i) => i));
  });
});

describe('epoch', () => {
  it('asks every question of sequences that fit exactly once, each where its answer follows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 16 }), { minLength: 1, maxLength: 30 }), (lengths) => {
        // Visitor v walks v*100, v*100+1, ...: every answer tells its question.
        const events = lengths.flatMap((length, v) =>
          Array.from(
            { length },
            (_, i): BehaviourEvent => ({
              visitor: `${String(v).padStart(3, '0')}`,
              name: 'view_item',
              sku: `${v * 100 + i}`,
            }),
          ),
        );
        const all = sequences(events);
        const shapes = batchShapes(all, 64, 16);
        const answers: number[] = [];
        for (const batch of epoch(all, shapes, seeded(1))) {
          batch.weight.forEach((weight, i) => {
            if (weight === 0) return;
            answers.push(batch.target[i]!);
            expect(batch.row[batch.place[i]!]).toBe(batch.target[i]! - 1);
            expect(batch.known[batch.place[i]!]).toBe(1);
          });
        }
        const wanted = lengths.flatMap((length, v) =>
          Array.from({ length: length - 1 }, (_, i) => v * 100 + i + 1),
        );
        // A batch asks three quarters of its tokens; a full row of 16 in a batch of 4 fits.
        expect(answers.sort((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  it('cuts long histories into pieces and loses at most the question at each cut', () => {
    const events = Array.from(
      { length: 100 },
      (_, i): BehaviourEvent => ({ visitor: 'v', name: 'view_item', sku: `${i}` }),
    );
    const all = sequences(events);
    const shapes = batchShapes(all, 256, 16);
    const asked = [...epoch(all, shapes, seeded(2))].reduce(
      (n, { weight }) => n + weight.reduce((a, b) => a + b),
      0,
    );
    expect(asked).toBe(99);
  });
});

describe('drawCandidates', () => {
  it('holds every target once, fills up evenly and says each chance', () => {
    const shares = new Float64Array(100).fill(0.01);
    const { rows, targets, logChance } = drawCandidates(Int32Array.of(7, 3, 7), shares, 20, seeded(3));
    expect(new Set(rows).size).toBe(20);
    expect([...targets].map((i) => rows[i])).toEqual([7, 3, 7]);
    // In by being one of three targets, or by one of 18 even draws of 100.
    expect(Math.exp(logChance[0]!)).toBeCloseTo(1 - 0.99 ** 3 * (1 - 0.18), 5);
  });
});
