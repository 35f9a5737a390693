/** Runs a module worker of ours in headless Chromium, with files that it can fetch from a loopback server. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { launchChromium } from './chromium.ts';

/** Cross-origin isolation gives the worker a clock of 5 instead of 100 microseconds. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cache-control': 'no-store',
};

const TYPES: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

export interface WorkerPage {
  /** What the worker answers to this message. @throws with the worker's own error */
  ask<T>(message: unknown): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param entry the worker's source; for each message it posts one answer
 * @param files what it may fetch, by path
 * @param launch Chromium without a GPU where absent
 */
export async function openWorkerPage(
  entry: string,
  files: Record<string, Uint8Array> = {},
  launch: () => Promise<Browser> = launchChromium,
): Promise<WorkerPage> {
  const served = new Map(Object.entries(files).map(([path, bytes]) => [`/${path}`, bytes]));
  served.set('/', new TextEncoder().encode('<!doctype html><title>worker</title>'));
  served.set('/worker.js', new TextEncoder().encode(await bundled(entry)));
  const server = await serve(served);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(() => {
      Object.assign(window, { worker: new Worker('/worker.js', { type: 'module' }) });
    });
    return {
      ask: <T>(message: unknown) => page.evaluate(askWorker, message) as Promise<T>,
      close: async () => {
        await browser.close();
        server.close();
      },
    };
  } catch (error) {
    await browser.close();
    server.close();
    throw error;
  }
}

function askWorker(message: unknown): Promise<unknown> {
  const { worker } = window as unknown as { worker: Worker };
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data?.error === undefined ? resolve(data) : reject(new Error(data.error));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(message);
  });
}

async function bundled(entry: string): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: entry, output: { format: 'es' }, external: /^\/ort\// },
    },
  })) as Rolldown.RolldownOutput;
  return output.output[0].code;
}

function serve(files: ReadonlyMap<string, Uint8Array>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const bytes = files.get(path);
    const type = TYPES[path === '/' ? 'html' : path.slice(path.lastIndexOf('.') + 1)];
    response.writeHead(bytes === undefined ? 404 : 200, {
      ...HEADERS,
      'content-type': type ?? 'application/octet-stream',
    });
    response.end(bytes);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
