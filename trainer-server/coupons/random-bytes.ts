/** Unguessable bytes, a few at a time: each draw from the system's generator costs as much as writing a row. */

import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4_096;

/** @returns what gives as many bytes as asked, at most 4,096; none of them twice */
export function pooledBytes(fill: (count: number) => Buffer = randomBytes): (count: number) => Buffer {
  let pool: Buffer = Buffer.alloc(0);
  return (count) => {
    if (count > POOL_BYTES) throw new RangeError(`expected at most ${POOL_BYTES} bytes, got ${count}`);
    if (pool.length < count) pool = fill(POOL_BYTES);
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  };
}
