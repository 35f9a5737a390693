import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { holdsLog, logSketch } from '../../../trainer-server/recommend/log-sketch.ts';

const log = (from: number, to: number): BehaviourEvent[] =>
  Array.from({ length: to - from }, (_, i) => ({ visitor: `v${from + i}`, name: 'view_item', sku: 'a' }));

describe('the sketch of a log', () => {
  it('finds a log within a longer one, cleaned of a tenth or not, and not in the days after it', () => {
    const sketch = logSketch(log(0, 2000));
    expect(sketch.length).toBeLessThanOrEqual(256);
    expect(holdsLog(log(0, 3000), sketch)).toBe(true);
    expect(holdsLog(log(200, 3000), sketch)).toBe(true);
    expect(holdsLog(log(2000, 5000), sketch)).toBe(false);
    expect(holdsLog(log(1800, 5000), sketch)).toBe(false);
  });

  it('of nothing is held by nothing', () => {
    expect(holdsLog(log(0, 10), logSketch([]))).toBe(false);
  });
});
