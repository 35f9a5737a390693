/** WebKitGTK's MiniBrowser, by WebDriver: https://www.w3.org/TR/webdriver2/. The engine family of Safari, not Safari. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineKind, EnginePage } from './engine.ts';

const BROWSERS = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);
const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/xvfb-run';
/** Milliseconds until a driver that does not answer is given up: well before a test's own time is over. */
const PATIENCE_MS = 20_000;

const browser = (): string | undefined => BROWSERS.find((path) => existsSync(path));

export const webkit: EngineKind = {
  name: 'webkit',
  install: 'apt-get install webkit2gtk-driver xvfb',
  installed: () => browser() !== undefined && existsSync(DRIVER) && existsSync(SCREEN),
  async launch() {
    let driver: Driver | undefined;
    const end = async (): Promise<void> => {
      await driver?.end();
      driver = undefined;
    };
    return {
      async open() {
        driver ??= await launchDriver();
        try {
          return await openSession(driver.call, end);
        } catch (error) {
          await end();
          throw error;
        }
      },
      close: end,
    };
  },
};

interface Driver {
  call: Call;
  end(): Promise<void>;
}

async function launchDriver(): Promise<Driver> {
  const port = await freePort();
  const driver = startDriver(port);
  const call = callerOf(port);
  try {
    await answering(call);
  } catch (error) {
    await ended(driver);
    throw error;
  }
  return { call, end: () => ended(driver) };
}

type Call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>;

/** @throws the driver's own words, or that it gave none within PATIENCE_MS */
function callerOf(port: number): Call {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
}

/** A process group of its own, so that the driver, its screen and its browsers can be ended together. */
function startDriver(port: number): ChildProcess {
  const root = process.getuid?.() === 0;
  return spawn(SCREEN, ['-a', DRIVER, `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
    // WebKit's sandbox refuses to run as root, as tests in a container do.
    env: { ...process.env, ...(root ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}) },
  });
}

async function ended(driver: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => driver.once('exit', resolve));
  process.kill(-driver.pid!);
  await gone;
}

async function answering(call: Call): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await call('GET', '/status');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(100);
    }
  }
}

/**
 * Automation sessions of MiniBrowser start without storage, and leave none behind.
 * @param abandon ends the driver: it allows one session, and one that hangs would be in the way of every later one
 */
async function openSession(call: Call, abandon: () => Promise<void>): Promise<EnginePage> {
  const options = { binary: browser()!, args: ['--automation'] };
  const { sessionId } = (await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
  })) as { sessionId: string };
  const path = `/session/${sessionId}`;
  await call('POST', `${path}/timeouts`, { script: PATIENCE_MS, pageLoad: PATIENCE_MS });
  return {
    goto: async (url) => void (await call('POST', `${path}/url`, { url })),
    async evaluate(work: (argument: never) => unknown, argument?: unknown) {
      const answer = (await call('POST', `${path}/execute/async`, {
        script: `const [argument, done] = arguments;
          (async () => (${work})(argument))().then((value) => done({ value }), (error) => done({ error: String(error) }));`,
        args: [argument ?? null],
      })) as { value?: never; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as never;
    },
    back: async () => void (await call('POST', `${path}/back`, {})),
    close: async () => void (await call('DELETE', path).catch(abandon)),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
