import { describe, expect, it } from 'vitest';
import { COUPON_OPTIONS } from '../../../trainer-server/coupons/options.ts';
import { newSidLimit } from '../../../trainer-server/coupons/rate.ts';

describe('the limit of new visits', () => {
  const limit = () => newSidLimit({ ...COUPON_OPTIONS, newSidsPerAddress: 2, newSidsPerSite: 3 });

  it('counts by network, whichever address of it asks', async () => {
    const allow = limit();
    await allow('demo', '2001:db8:0:1::1');
    await allow('demo', '2001:db8:0:1::2');
    await expect(allow('demo', '2001:db8:0:1::3')).rejects.toThrow(/from this network/);
  });

  it('counts by site where no network is known, and each site for itself', async () => {
    const allow = limit();
    for (let i = 0; i < 3; i++) await allow('demo', undefined);
    await expect(allow('demo', undefined)).rejects.toThrow(/of this shop/);
    await allow('other', undefined);
  });
});
