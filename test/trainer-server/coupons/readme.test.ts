import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { NOW, SHOP_TOKEN } from '../../helpers/served.ts';
import { servedCoupons } from '../../helpers/served-coupons.ts';

const README = join(import.meta.dirname, '../../../trainer-server/coupons/README.md');
const served = servedCoupons();

const script = (): string =>
  /## From any language.*?```sh\n(.*?)```/s.exec(readFileSync(README, 'utf8'))![1]!;

const hasCurl = spawnSync('curl', ['--version']).status === 0;

it.skipIf(!hasCurl)(
  'the README says to any language how to quote, redeem and reverse (needs curl)',
  async () => {
    const { coupons, url } = served;
    const { token: grant } = await coupons.grant('demo', {}, undefined, NOW);
    const { code } = await coupons.claim('demo', { grant, promotion: 'five-off' }, NOW);
    const env = { ...process.env, TRAINER: url, SITE: 'demo', TOKEN: SHOP_TOKEN, CODE: code };
    const { stdout } = await promisify(execFile)('bash', ['-euc', script()], { env });
    const [quoted, redeemed, half, rest] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    // 40.00 of tea, 4.90 of delivery, 5.00 off; one of two pieces is half of it.
    expect(quoted).toMatchObject({ codes: [{ code, amount: 500 }], priced: { total: 3_990 } });
    expect(redeemed).toMatchObject({
      order: '1001',
      redemptions: [{ code, amount: 500 }],
      priced: quoted.priced,
    });
    expect(half).toMatchObject({ amount: 250, reversed: 250 });
    expect(rest).toMatchObject({ amount: 250, reversed: 500 });
  },
);
