import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { bearer, NOW, type Served, serveStore, signing } from '../../helpers/served.ts';

const { store } = signing();
const ann = bearer(store, 'marketer', 'Ann');
const bob = bearer(store, 'admin', 'Bob');
const viewer = bearer(store, 'viewer', 'Vic');
const elsewhere = bearer(store, 'admin', 'Eve', 'other');
let served: Served;

beforeAll(async () => {
  served = await serveStore(store);
  setFourEyes(store, true, NOW);
  for (const name of ['one', 'two']) {
    propose(store, { site: 'demo', subject: 'release', name, body: { name } }, 'Ann', NOW);
  }
});
afterAll(() => served.stop());

async function ask(
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<[number, unknown]> {
  const response = await fetch(`${served.url}/admin/sites/${path}`, {
    headers,
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  return [
    response.status,
    answer.error?.code ?? answer.state ?? answer.approvals?.map((a: { name: string }) => a.name),
  ];
}

describe('/admin/sites/:site/approvals', () => {
  it('lists what is proposed, newest first, to everyone who may look', async () => {
    expect(await ask('demo/approvals', viewer)).toEqual([200, ['two', 'one']]);
    expect(await ask('demo/approvals?state=approved', viewer)).toEqual([200, []]);
    expect(await ask('demo/approvals?state=lost', viewer)).toEqual([400, 'bad-input']);
    expect(await ask('demo/approvals', {})).toEqual([401, 'unauthorized']);
  });

  it('takes the word of a second person alone, and once', async () => {
    expect(await ask('demo/approvals/1/decision', ann, { approve: true })).toEqual([403, 'four-eyes']);
    expect(await ask('demo/approvals/1/decision', viewer, { approve: true })).toEqual([403, 'forbidden']);
    expect(await ask('demo/approvals/1/decision', bob, { approve: true })).toEqual([200, 'approved']);
    expect(await ask('demo/approvals/1/decision', bob, { approve: false })).toEqual([409, 'decided']);
  });

  it('keeps the proposals of sites apart', async () => {
    expect(await ask('demo/approvals/2/decision', elsewhere, { approve: true })).toEqual([403, 'forbidden']);
    expect(await ask('other/approvals/2/decision', elsewhere, { approve: true })).toEqual([404, 'not-found']);
    for (const id of ['0', '-1', '2x', '1e1', '9'.repeat(30)]) {
      expect(await ask(`demo/approvals/${id}/decision`, bob, { approve: true })).toEqual([404, 'not-found']);
    }
  });
});
