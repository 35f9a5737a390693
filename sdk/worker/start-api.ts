/** Starts one of the SDK's files beside the worker, for what it can be asked. */

import type { RemoteObject } from 'comlink';
import { wrap } from '../remote.ts';
import type { Start } from '../start-worker.ts';

export interface StartedApi<T> {
  api: RemoteObject<T>;
  end(): void;
}

/** Of the files of one endpoint. */
export type StartApi = <T>(name: string, integrity: string) => Promise<StartedApi<T>>;

export const apiStarter =
  (endpoint: string, start: Start): StartApi =>
  async <T>(name: string, integrity: string) => {
    let api!: RemoteObject<T>;
    const meet: Parameters<Start>[1] = (port) => {
      api = wrap(port);
    };
    const end = await start({ endpoint, name, integrity }, meet, () => undefined);
    return { api, end };
  };
