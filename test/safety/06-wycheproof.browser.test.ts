import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';
import { wycheproof } from '../helpers/wycheproof.ts';

const vectors = wycheproof();
let page: WorkerPage;

beforeAll(async () => {
  page = await openWorkerPage(join(import.meta.dirname, '../helpers/verifier-worker.ts'));
});

afterAll(() => page?.close());

describe('safety 6 in Chromium', () => {
  for (const verifier of ['web', 'portable']) {
    it.skipIf(vectors === undefined)(
      `the ${verifier} verifier agrees with all 151 vectors of Wycheproof`,
      async () => {
        expect(await page.ask({ verifier, vectors })).toEqual({ wrong: [], tried: 151 });
      },
    );
  }

  it.skipIf(vectors === undefined)('notices a wrong answer', async () => {
    const [first, ...others] = vectors!;
    const lie = { ...first!, valid: !first!.valid };
    expect(await page.ask({ verifier: 'web', vectors: [lie, ...others] })).toMatchObject({ wrong: [lie.id] });
  });
});
