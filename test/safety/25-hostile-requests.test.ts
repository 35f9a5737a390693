import { symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditCsv } from '../../trainer-server/access/audit-export.ts';
import { TOKEN_ROLES } from '../../trainer-server/access/roles.ts';
import { CONFIG } from '../../trainer-server/config.ts';
import { publishBundle } from '../../trainer-server/release/publish.ts';
import { type DescribedRoute, jsonSchema } from '../../trainer-server/routes/openapi.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { documentedRoutes, pathOf } from '../helpers/routes.ts';
import { bearer, NOW, type Served, serveStore, signing, smallBundle } from '../helpers/served.ts';

const { store, options } = signing();
const routes = documentedRoutes(store);
const withBody = routes.filter(({ body }) => body !== undefined);
const tokens = Object.fromEntries(TOKEN_ROLES.map((role) => [role, bearer(store, role, 'one person')]));
let served: Served;

beforeAll(async () => {
  await publishBundle(await smallBundle(), options);
  const sdk = temporaryFolder();
  symlinkSync(join(store.dir, 'keys', 'release.key'), join(sdk, 'key.js'));
  symlinkSync('/', join(sdk, 'root.js'));
  writeFileSync(join(sdk, 'good.js'), '');
  served = await serveStore(store, readSdkFiles(sdk));
});
afterAll(() => served.stop());
beforeEach(() => expect(served.log).toEqual([]));

/** As a caller who may use the route. */
const credentials = ({ roles }: DescribedRoute): Record<string, string> => tokens[roles?.[0] ?? ''] ?? {};

/** Neither tidies the path, as fetch does, nor minds what is in it. */
function raw(method: string, path: string, headers: object, body?: Uint8Array | string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    const asked = request({ hostname, port, path, method, headers: { ...headers } }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode!));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

const rows = (): string => {
  const names = store.db
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[];
  return names
    .map((name) => `${name} ${store.db.prepare(`select count(*) from "${name}"`).pluck().get()}`)
    .join();
};

const isRefused = (status: number): boolean => status >= 400 && status < 500;

const PARAMETERS = [
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2fkeys%2frelease.key',
  '..%5c..%5ckeys',
  '....//',
  '__proto__',
  '%00',
  'a%00.js',
  '%ff%fe',
  '%zz',
  'key.js',
  'root.js',
  "'%20or%201=1--",
  '%3Dcmd()',
  '%3Cscript%3E',
  'a'.repeat(5_000),
];

const NESTED = '['.repeat(200_000);
const BODIES: Record<string, Uint8Array | string> = {
  nothing: '',
  'half an object': '{"a":',
  null: 'null',
  'a list': '[]',
  text: '"x"',
  'a number beyond all bounds': '1e400',
  'such a number inside': '{"site":1e400}',
  'two hundred thousand levels': NESTED,
  'two hundred thousand levels of objects': '{"a":'.repeat(200_000),
  'levels that are closed': `${NESTED}${']'.repeat(200_000)}`,
  'a reach for the prototype': '{"__proto__":{"polluted":1}}',
  'a reach for the constructor': '{"constructor":{"prototype":{"polluted":1}}}',
  'bytes that are not UTF-8': Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'an overlong slash': Uint8Array.from([0x22, 0xc0, 0xaf, 0x22]),
  'half a surrogate': '{"\\ud800":"\\udfff"}',
  NUL: '\0',
  'a hundred thousand digits': `{"a":${'9'.repeat(100_000)}}`,
  'a packed body': gzipSync('{}'),
  'too much': `"${'x'.repeat(CONFIG.maxBodyBytes)}"`,
};

describe('every route', () => {
  it('refuses paths that lead elsewhere, and finds no file by a path', async () => {
    for (const route of routes) {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      for (const name of names) {
        for (const parameter of PARAMETERS) {
          const path = pathOf(route.path, { site: 'demo', [name]: parameter });
          const status = await raw(
            route.method,
            path,
            credentials(route),
            route.method === 'GET' ? undefined : '{}',
          );
          expect([route.method, path.slice(0, 80), isRefused(status), status]).toEqual([
            route.method,
            path.slice(0, 80),
            true,
            status,
          ]);
        }
      }
    }
  });

  for (const [what, body] of Object.entries(BODIES)) {
    it(`refuses ${what}, writes nothing, and keeps prototypes clean`, async () => {
      const before = rows();
      for (const route of withBody) {
        const path = pathOf(route.path, { site: 'demo' });
        const status = await raw(route.method, path, { 'Idempotency-Key': 'k', ...credentials(route) }, body);
        expect([path, isRefused(status), status]).toEqual([path, true, status]);
      }
      expect(rows()).toBe(before);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
      expect(served.log).toEqual([]);
    });
  }

  it('answers any JSON under its own field names below 500', async () => {
    const hostile = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('../x', '=1+1', 'x'.repeat(300), -1, 1e308, [], {}),
    );
    for (const route of withBody) {
      const { properties = {} } = jsonSchema(route.body!) as { properties?: object };
      const field = fc.constantFrom(...Object.keys(properties), 'constructor', 'extra');
      await fc.assert(
        fc.asyncProperty(fc.dictionary(field, hostile, { maxKeys: 6 }), async (value) => {
          const headers = { 'Idempotency-Key': 'k', ...credentials(route) };
          const status = await raw(
            route.method,
            pathOf(route.path, { site: 'demo' }),
            headers,
            JSON.stringify(value),
          );
          expect(status).toBeLessThan(500);
        }),
        { numRuns: 25 },
      );
    }
    expect(served.log).toEqual([]);
  });

  it('answers hostile headers and methods below 500', async () => {
    const headers = [
      { Authorization: `Bearer ${'x'.repeat(10_000)}` },
      { Authorization: 'Bearer __proto__' },
      { 'X-Forwarded-For': ','.repeat(5_000) },
      { 'Accept-Encoding': 'br;q=1e400, br;q=__proto__' },
      { Origin: 'null' },
      { Cookie: '__proto__=1; a=b'.repeat(500) },
    ];
    for (const { path } of routes) {
      for (const header of headers)
        expect(await raw('GET', pathOf(path, { site: 'demo' }), header)).toBeLessThan(500);
      for (const method of ['TRACE', 'PATCH', 'OPTIONS', 'HEAD'])
        expect(await raw(method, pathOf(path, { site: 'demo' }), {})).toBeLessThan(500);
    }
  });
});

/** What the server says to these bytes before it hangs up. */
function talk(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      answer += part;
      // The status line is all that matters; a refused body may leave the line open.
      if (answer.includes('\r\n\r\n')) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.slice(0, 'HTTP/1.1 400'.length)));
  });
}

describe('bodies without an honest length', () => {
  const head = (more: string): string =>
    `POST /s/demo/trajectories HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
  const chunk = (size: string, data: string): string => `${size}\r\n${data}\r\n`;
  const big = 'x'.repeat(600_000);
  const size = (600_000).toString(16);

  it('are refused: more than the limit in chunks, sizes that overflow, two lengths at once', async () => {
    const chunked = head('Transfer-Encoding: chunked');
    const answers = [
      await talk(chunked + chunk(size, big) + chunk(size, big) + chunk('0', '')),
      await talk(chunked + chunk('FFFFFFFFFFFFFFFFF', 'x')),
      await talk(chunked + chunk('-1', 'x')),
      await talk(chunked + chunk('zz', 'x')),
      await talk(head('Content-Length: 5\r\nTransfer-Encoding: chunked') + chunk('0', '')),
      await talk(`${head('Content-Length: 5\r\nContent-Length: 6')}xxxxx`),
      await talk(`${head('Content-Length: -5')}xxxxx`),
      await talk(`${head(`Content-Length: ${'9'.repeat(40)}`)}xxxxx`),
    ];
    for (const [i, answer] of answers.entries())
      expect([i, answer]).toEqual([i, expect.stringMatching(/^HTTP\/1\.1 4\d\d$/)]);
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    expect(served.log).toEqual([]);
  });

  it('do not pile up in memory', async () => {
    const before = process.memoryUsage.rss();
    const closed = '['.repeat(200_000) + ']'.repeat(200_000);
    for (let i = 0; i < 150; i++) {
      await raw('POST', '/s/demo/trajectories', {}, i % 2 === 0 ? closed : `"${'x'.repeat(1_000_000)}"`);
    }
    // 150 bodies of up to 1 MB would be 100 MB if each were kept once; parsed, far more.
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('an export that a spreadsheet opens', () => {
  it('has no cell that would run, whatever was written into the log', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r'])
      store.audit.add({
        at: NOW,
        site: 'demo',
        who: `${start}cmd|' /C calc'!A0`,
        action: `${start}x`,
        detail: {},
      });
    const cells = [...auditCsv(store.audit.rows())].join('\n');
    expect(cells).not.toMatch(/(^|[,\n])"?[=+\-@\t\r]/);
    expect(cells).toContain(`"'=cmd|' /C calc'!A0"`);
  });
});
