/** Everything that has kept an installation from working, in the order in which it would. */

import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_KEY, listKeys, loadKey } from '../release/keys.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import type { Check, CheckContext, Finding } from './check.ts';

const GIB = 1024 ** 3;

export const CHECKS: readonly Check[] = [
  { name: 'node', run: ({ node, root }) => nodeVersion(node, root) },
  { name: 'better-sqlite3', run: sqlite },
  { name: 'duckdb', run: duckdb },
  { name: 'onnxruntime-node', run: onnxRuntime },
  { name: 'chromium', run: ({ env }) => chromium(env) },
  { name: 'memory', run: memory },
  { name: 'disk', run: ({ db, root }) => disk(db !== undefined && existsSync(db) ? db : root) },
  { name: 'ports', run: ({ ports }) => portsFree(ports) },
  { name: 'build', run: ({ root }) => build(root) },
  { name: 'keys', run: ({ db }) => keys(db) },
  { name: 'audit', run: ({ db }) => audit(db) },
];

function nodeVersion(version: string, root: string): Finding {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const least = engines.node.replace('>=', '').split('.').map(Number);
  const found = version.split('.').map(Number);
  const difference = least.map((part, i) => (found[i] ?? 0) - part).find((gap) => gap !== 0) ?? 0;
  if (difference >= 0) return { level: 'ok', text: version };
  return { level: 'fail', text: `${version}, expected ${engines.node}`, fix: `install Node ${engines.node}` };
}

async function sqlite(): Promise<Finding> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  const version = db.prepare('select sqlite_version()').pluck().get();
  db.close();
  return { level: 'ok', text: `SQLite ${version}` };
}

async function duckdb(): Promise<Finding> {
  const { DuckDBInstance, version } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('select 1');
  connection.closeSync();
  instance.closeSync();
  return { level: 'ok', text: `DuckDB ${version()}` };
}

async function onnxRuntime(): Promise<Finding> {
  const { listSupportedBackends } = await import('../onnx-runtime.ts');
  const names = listSupportedBackends()
    .filter((backend) => backend.bundled)
    .map((backend) => backend.name);
  const text = `backends: ${names.join(', ')}`;
  if (!names.includes('cpu')) return { level: 'fail', text, fix: 'npm ci on a supported platform' };
  if (names.includes('webgpu')) return { level: 'ok', text };
  return {
    level: 'warn',
    text: `${text}; no webgpu`,
    fix: 'training works on the CPU; --device webgpu will not',
  };
}

/** Where Debian, Ubuntu, Fedora, macOS and Windows put a browser that speaks the protocol of Chromium. */
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function chromium(env: CheckContext['env']): Finding {
  const named = env.PROMO_EDGE_CHROMIUM;
  if (named !== undefined && !existsSync(named)) {
    const fix = 'let PROMO_EDGE_CHROMIUM name the browser, or unset it';
    return { level: 'warn', text: `nothing at PROMO_EDGE_CHROMIUM=${named}`, fix };
  }
  const found = named ?? BROWSERS.find((path) => existsSync(path));
  if (found !== undefined) return { level: 'ok', text: found };
  const fix =
    'apt-get install chromium, or set PROMO_EDGE_CHROMIUM: only browser tests and npm start -- --once need it';
  return { level: 'warn', text: 'no Chromium found', fix };
}

function memory(): Finding {
  const total = totalmem() / GIB;
  const text = `${total.toFixed(1)} GiB`;
  return total >= 3.5 ? { level: 'ok', text } : { level: 'warn', text, fix: 'training wants 4 GiB' };
}

async function disk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / GIB;
  const text = `${free.toFixed(1)} GiB free at ${folder}`;
  if (free >= 2) return { level: 'ok', text };
  return {
    level: free < 0.2 ? 'fail' : 'warn',
    text,
    fix: 'imports and training want 2 GiB: free some space',
  };
}

async function portsFree(ports: readonly number[]): Promise<Finding> {
  const taken: number[] = [];
  for (const port of ports) if (!(await isFree(port))) taken.push(port);
  if (taken.length === 0) return { level: 'ok', text: `${ports.join(', ')} free` };
  const fix = 'fine if Promo Edge itself is running; else stop the other program, or choose with --port';
  return { level: 'warn', text: `in use: ${taken.join(', ')}`, fix };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, 'localhost', () => server.close(() => resolve(true)));
  });
}

function build(root: string): Finding {
  const missing = ['dist/cli.js', 'dist/sdk'].filter((path) => !existsSync(join(root, path)));
  if (missing.length === 0) return { level: 'ok', text: 'dist/ is there' };
  return { level: 'warn', text: `missing: ${missing.join(', ')}`, fix: 'npm run build' };
}

function keys(db: string | undefined): Finding {
  if (db === undefined) return { level: 'ok', text: 'not looked at: --db names their folder' };
  const folder = join(db, 'keys');
  const known = listKeys(folder);
  if (known.length === 0) {
    return {
      level: 'warn',
      text: `none in ${folder}`,
      fix: 'promo-edge keys create, or the first publish makes one',
    };
  }
  const path = join(folder, `${DEFAULT_KEY}.key`);
  const offline = !existsSync(path);
  if (!offline) loadKey(path);
  return {
    level: 'ok',
    text: `${known.map((key) => key.name).join(', ')}${offline ? ', private half elsewhere' : ''}`,
  };
}

function audit(db: string | undefined): Finding {
  if (db === undefined) return { level: 'ok', text: 'not looked at: --db names its database' };
  if (!existsSync(join(db, DATABASE_FILE))) return { level: 'ok', text: 'no database yet' };
  const store = openStore(db);
  try {
    const state = store.audit.verify();
    if ('head' in state)
      return { level: 'ok', text: `${state.rows} rows in an unbroken chain, head ${state.head}` };
    const fix = 'somebody changed the database file: compare with a backup, and ask who could';
    return { level: 'fail', text: `broken at row ${state.broken}: ${state.why}`, fix };
  } finally {
    store.close();
  }
}
