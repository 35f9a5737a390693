/** Starts one of the SDK's files beside the page: in a worker, or on the page where workers are blocked. */

import { addressOf, type SdkFile, type Start, startWorker, trusted } from './start-worker.ts';

/**
 * What a file that finds no worker around it leaves on the page, under its name.
 * @param start how it starts files in its turn: a worker's own way is blocked here
 * @returns how to end it
 */
export type PageHook = (port: MessagePort, start: Start) => () => void;

export const startFile: Start = (...file) => startWorker(...file).catch(() => onPage(...file));

const onPage: Start = async (file, meet, listen) => {
  await addScript(file);
  const { port1, port2 } = new MessageChannel();
  const end = (globalThis as unknown as Record<string, PageHook>)[file.name]!(port2, startFile);
  port1.addEventListener('message', ({ data }) => data.notice && listen(data));
  meet(port1);
  return () => {
    end();
    port1.close();
  };
};

/** Runs one of the SDK's files on the page (CSP: `script-src ENDPOINT/sdk/`). Rejects where it may not. */
export function addScript(file: SdkFile): Promise<unknown> {
  return new Promise((onload, onerror) => {
    const script = document.createElement('script');
    Object.assign(script, {
      type: 'module',
      crossOrigin: 'anonymous',
      integrity: file.integrity,
      referrerPolicy: 'no-referrer',
      src: trusted(addressOf(file)),
      onload,
      onerror,
    });
    document.head.append(script);
  });
}
