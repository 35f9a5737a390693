import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionOverEvents, rollout } from '../../../shared/explain/attention.ts';
import { eventsOfTokens } from '../../../shared/features/sequence.ts';
import { jsEngineFromFirst } from '../../../shared/kernels/js-engine.ts';
import { packParameters } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import { DEFAULT_SIZE, randomCase } from '../../helpers/engine-case.ts';
import { ago, MODEL, requestOf } from '../../helpers/policy.ts';

const REMEMBERING = { ...MODEL, sessionWidth: DEFAULT_SIZE.session.width };

const uniform = (tokens: number): Float32Array[] =>
  Array.from({ length: tokens }, (_, t) => new Float32Array(t + 1).fill(1 / (t + 1)));

describe('attention through layers', () => {
  it('is half residual, half what the layer attends to', () => {
    // One layer, three tokens: 1/2 to itself, and a third of the other half to each.
    expect([...rollout([uniform(3)])].map((x) => x.toFixed(4))).toEqual(['0.1667', '0.1667', '0.6667']);
    // Two layers, two tokens, by hand: (1/4, 3/4) times [[1, 0], [1/4, 3/4]].
    expect([...rollout([uniform(2), uniform(2)])]).toEqual([0.4375, 0.5625]);
    expect([...rollout([])]).toEqual([]);
  });

  it('is shared out whole, whatever the layers do', () => {
    const layers = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.integer())
      .map(([tokens, depth, seed]) => {
        const random = seeded(seed);
        return Array.from({ length: depth }, () =>
          Array.from({ length: tokens }, (_, t) => {
            const raw = Float32Array.from({ length: t + 1 }, () => random.next() + 1e-3);
            const total = raw.reduce((sum, x) => sum + x, 0);
            return raw.map((x) => x / total);
          }),
        );
      });
    fc.assert(
      fc.property(layers, (of) => {
        const shares = rollout(of);
        expect(shares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('attention over events', () => {
  const purchase = { items: ['mug', 'oolong', 'sencha'].map((sku) => ({ sku, quantity: 1 })) };
  const request = requestOf({
    history: [ago(9, 'view_item', { sku: 'mug' }), ago(5, 'purchase', purchase), ago(1, 'search', {})],
  });

  it('gives an event of several products what each of them got', () => {
    expect(eventsOfTokens(request.history)).toEqual([0, 1, 1, 1, 2]);
    // Weights of zero look everywhere alike: each layer gives each of the five tokens its fifth.
    const given = randomCase(DEFAULT_SIZE, seeded('attention'));
    for (const [name, { data }] of Object.entries(given.parameters)) if (name.includes('qkv')) data.fill(0);
    const engine = jsEngineFromFirst(given, packParameters(given.parameters));
    const attended = attentionOverEvents(request, REMEMBERING, engine.watchSession);
    const expected = rollout(Array.from({ length: DEFAULT_SIZE.session.layers }, () => uniform(5)));
    const share = (event: number) => attended.find((one) => one.event === event)!.share;
    expect(share(0)).toBeCloseTo(expected[0]!, 5);
    expect(share(1)).toBeCloseTo(expected[1]! + expected[2]! + expected[3]!, 5);
    expect(share(2)).toBeCloseTo(expected[4]!, 5);
    const shares = attended.map((one) => one.share);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });

  it('has nothing to say of a policy that reads no sequence, or of no history', () => {
    const given = randomCase(DEFAULT_SIZE, seeded('attention'));
    const { watchSession } = jsEngineFromFirst(given, given.first);
    expect(attentionOverEvents(request, { ...REMEMBERING, sessionWidth: 0 }, watchSession)).toEqual([]);
    expect(attentionOverEvents({ history: [] }, REMEMBERING, watchSession)).toEqual([]);
    expect(attentionOverEvents(request, REMEMBERING, undefined)).toEqual([]);
  });
});
