import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { openReleaseShop, type ReleaseShop } from '../helpers/release-shop.ts';

const MANIFEST = '/s/pk_test/manifest.json';
const CHUNK = Buffer.alloc(64 << 10, 'x');

let shop: ReleaseShop;
let first: Fixture;
let second: Fixture;

beforeAll(async () => {
  shop = await openReleaseShop();
  first = await bundleFixture({ key: shop.key, version: 1, seed: 1 });
  second = await bundleFixture({ key: shop.key, version: 2, seed: 2 });
});

afterEach(() => shop.servers.answers.clear());
afterAll(() => shop?.close());

interface Sent {
  bytes: number;
  /** The browser hung up. */
  closed: boolean;
}

/** Writes as fast as it is read, without end, after what was there to be read. */
function endless(sent: Sent[], beginning: Uint8Array = new Uint8Array()) {
  return (response: ServerResponse): void => {
    const mine = { bytes: 0, closed: false };
    sent.push(mine);
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.on('close', () => {
      mine.closed = true;
    });
    const write = (): void => {
      while (!mine.closed && response.write(CHUNK)) mine.bytes += CHUNK.length;
    };
    response.on('drain', write);
    response.write(beginning);
    write();
  };
}

describe('safety 9: a body without end, too large or too slow', () => {
  it('is cut off at the signed byte count of a file', async () => {
    const { servers, browser, visit } = shop;
    servers.publish(first);
    const device = await browser.newContext();
    await visit(device);
    servers.publish(second);
    const sent: Sent[] = [];
    const { sha256, bytes } = second.signed.signed.files.find(({ role }) => role === 'first-tensors')!;
    servers.answers.set(`/b/${sha256}`, endless(sent, second.files.get(sha256)!));
    const after = await visit(device);
    expect(after).toMatchObject({ source: 'policy', release: 1 });
    expect(after.notes.join()).toContain(`expected at most ${bytes} bytes`);
    expect(sent.length).toBeGreaterThan(0);
    // What the sockets and the browser's own pipe hold beyond what the worker has read.
    for (const { bytes: written } of sent) expect(written).toBeLessThan(16 << 20);
    await expect.poll(() => sent.every(({ closed }) => closed)).toBe(true);
    await device.close();
  });

  it('is cut off where one byte too many comes, and where one is missing, whatever the browser has in its cache', async () => {
    const { servers, browser, visit } = shop;
    servers.publish(first);
    const device = await browser.newContext();
    await visit(device);
    servers.publish(second);
    const { sha256 } = second.signed.signed.files[0]!;
    const right = second.files.get(sha256)!;
    servers.files.set(sha256, new Uint8Array([...right, 0]));
    expect((await visit(device)).notes.join()).toContain('expected at most');
    servers.files.set(sha256, right.slice(1));
    const after = await visit(device);
    expect(after).toMatchObject({ source: 'policy', release: 1 });
    expect(after.notes.join()).toContain(`expected ${right.length} bytes, got ${right.length - 1}`);
    servers.files.set(sha256, right);
    await visit(device);
    expect(await visit(device)).toMatchObject({ source: 'policy', release: 2 });
    await device.close();
  });

  it('is cut off at 256 KiB of a manifest, on a first visit too', async () => {
    const { servers, visit } = shop;
    const sent: Sent[] = [];
    servers.answers.set(MANIFEST, endless(sent));
    expect(await visit()).toMatchObject({ source: 'default', reason: 'no-release' });
    expect(sent.length).toBeGreaterThan(0);
    for (const { bytes } of sent) expect(bytes).toBeLessThan(16 << 20);
    await expect.poll(() => sent.every(({ closed }) => closed)).toBe(true);
  });

  it('is cut off after 10 s of a manifest that never ends to come, and the page decides meanwhile', async () => {
    const { servers, browser, visit } = shop;
    servers.publish(first);
    const device = await browser.newContext();
    expect(await visit(device)).toMatchObject({ release: 1 });
    const waited: number[] = [];
    servers.answers.set(MANIFEST, (response) => {
      const began = performance.now();
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => {
        clearInterval(drip);
        waited.push(performance.now() - began);
      });
    });
    expect(await visit(device)).toMatchObject({ source: 'policy', release: 1 });
    await expect.poll(() => waited.length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(waited[0]).toBeGreaterThan(9_000);
    await device.close();
  });
});
