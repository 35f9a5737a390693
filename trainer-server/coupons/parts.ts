/** What every coupon operation is made of. */

import type { Db } from '../store/database.ts';
import type { CouponKeys } from './keys.ts';
import type { CouponOptions } from './options.ts';

export interface CouponParts {
  db: Db;
  keys: CouponKeys;
  options: CouponOptions;
  /** Unguessable bytes. */
  random(count: number): Buffer;
}
