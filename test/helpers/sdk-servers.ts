/** Two loopback origins, as in life: the shop's page on one, the trainer's endpoint on the other. Both record. */

import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { buildSdk } from '../../sdk/build.ts';
import type { Fixture } from './bundle-fixture.ts';

const DIST = join(import.meta.dirname, '../../dist/sdk');
const SITE = 'pk_test';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
/** Compressing ONNX Runtime's 14 MB would take longer than the tests. */
const COMPRESS_BELOW = 1 << 20;

export interface Recorded {
  to: 'page' | 'endpoint';
  method: string;
  url: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

export interface Page {
  html: string;
  headers?: Record<string, string>;
}

export interface SdkServers {
  page: string;
  endpoint: string;
  pages: Map<string, Page>;
  requests: Recorded[];
  /** What the manifest's address answers; a text that is not JSON included. Undefined: 404. */
  manifest: string | undefined;
  files: Map<string, Uint8Array>;
  /** Other answers of the endpoint, by path: slow, endless or wrong ones. */
  answers: Map<string, (response: ServerResponse) => void>;
  /** Alters the SDK's files on their way, and takes their integrity off: for faults inside a worker. */
  alter: ((file: string, code: string) => string) | undefined;
  /** Publishes a fixture: manifest and files. */
  publish(fixture: Fixture): void;
  /** A script tag with these data attributes beside the obligatory ones. */
  tag(key: string, attributes?: string): string;
  close(): Promise<void>;
}

let built: Promise<void> | undefined;

export async function startSdkServers(): Promise<SdkServers> {
  built ??= buildSdk();
  await built;
  const sdk = await sdkFiles();
  const servers: Partial<SdkServers> & Pick<SdkServers, 'requests' | 'pages' | 'files' | 'answers'> = {
    requests: [],
    answers: new Map(),
    pages: new Map(),
    files: new Map(),
    manifest: undefined,
    alter: undefined,
  };
  const answerPage = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url!, 'http://x');
    const found = servers.pages.get(pathname);
    if (found === undefined) return void response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...found.headers,
    });
    response.end(found.html);
  };
  const answerEndpoint = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url!, 'http://x');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('timing-allow-origin', '*');
    const other = servers.answers.get(pathname);
    if (other !== undefined) return void other(response);
    if (pathname === `/s/${SITE}/trajectories`) return void response.writeHead(202).end();
    if (pathname === `/s/${SITE}/manifest.json`) {
      response.setHeader('cache-control', 'no-store');
      send(
        request,
        response,
        'application/json',
        servers.manifest === undefined ? undefined : Buffer.from(servers.manifest),
      );
      return;
    }
    const immutable = 'public, max-age=31536000, immutable';
    const fresh = servers.alter === undefined ? 'public, max-age=3600' : 'no-store';
    response.setHeader('cache-control', pathname.startsWith('/b/') ? immutable : fresh);
    const found = pathname.startsWith('/b/') ? servers.files.get(pathname.slice(3)) : sdk.get(pathname);
    const altered = servers.alter && found && pathname.endsWith('.js');
    const bytes = altered ? alteredFile(servers.alter!, pathname, found) : found;
    send(request, response, TYPES[extname(pathname)] ?? 'application/octet-stream', bytes);
  };
  const first = await listen(recording('page', servers.requests, answerPage));
  const second = await listen(recording('endpoint', servers.requests, answerEndpoint));
  return Object.assign(servers as SdkServers, {
    page: first.origin,
    endpoint: second.origin,
    publish(fixture: Fixture) {
      servers.manifest = JSON.stringify(fixture.signed);
      for (const [hash, bytes] of fixture.files) servers.files.set(hash, bytes);
    },
    tag: (key: string, attributes = '') =>
      `<script async crossorigin src="${second.origin}/sdk/promo-edge.js" data-site-key="${SITE}" data-endpoint="${second.origin}" data-key="${key}" ${attributes}></script>`,
    close: async () => {
      await Promise.all([first, second].map(({ server }) => closed(server)));
    },
  });
}

function alteredFile(alter: NonNullable<SdkServers['alter']>, path: string, bytes: Uint8Array): Uint8Array {
  const code = new TextDecoder().decode(bytes).replaceAll(/sha256-[\w+/=]{44}/g, '');
  return new TextEncoder().encode(alter(path.slice('/sdk/'.length), code));
}

const compressed = new Map<Uint8Array, Buffer>();

function send(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  bytes: Uint8Array | undefined,
): void {
  if (bytes === undefined) return void response.writeHead(404).end();
  response.setHeader('content-type', type);
  if (bytes.length >= COMPRESS_BELOW || !/\bbr\b/.test(String(request.headers['accept-encoding'])))
    return void response.writeHead(200).end(bytes);
  const body = compressed.get(bytes) ?? brotliCompressSync(bytes);
  compressed.set(bytes, body);
  response.writeHead(200, { 'content-encoding': 'br', vary: 'accept-encoding' }).end(body);
}

async function sdkFiles(): Promise<Map<string, Uint8Array>> {
  const names = await readdir(DIST, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [`/sdk${file.slice(DIST.length)}`, await readFile(file)] as const),
    ),
  );
}

function recording(
  to: Recorded['to'],
  requests: Recorded[],
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ to, method, url, headers, body });
      answer(request, response);
    });
  });
}

async function listen(server: Server): Promise<{ server: Server; origin: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
