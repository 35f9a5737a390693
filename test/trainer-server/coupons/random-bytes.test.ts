import { expect, it } from 'vitest';
import { pooledBytes } from '../../../trainer-server/coupons/random-bytes.ts';

it('gives as many bytes as asked, and none of them twice', () => {
  let next = 0;
  // A generator that numbers its 32-bit words: two draws that share one would show.
  const random = pooledBytes((count) => {
    const words = Uint32Array.from({ length: count / 4 }, () => next++);
    return Buffer.from(words.buffer);
  });
  const seen = new Set<number>();
  for (let i = 0; i < 2_000; i++) {
    const bytes = random(i % 3 === 0 ? 20 : 16);
    expect(bytes.length).toBe(i % 3 === 0 ? 20 : 16);
    for (let at = 0; at < bytes.length; at += 4) {
      const word = bytes.readUInt32LE(at);
      expect(seen.has(word)).toBe(false);
      seen.add(word);
    }
  }
  expect(() => random(5_000)).toThrow('at most 4096 bytes');
});
