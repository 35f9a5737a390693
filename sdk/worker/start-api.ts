/** Starts one of the SDK's files beside the worker, for what it can be asked. */

import type { RemoteObject } from 'comlink';
import { wrap } from '../remote.ts';
import { type SdkFile, startFile } from '../start-file.ts';

export interface StartedApi<T> {
  api: RemoteObject<T>;
  end(): void;
}

export async function startApi<T>(
  endpoint: SdkFile['endpoint'],
  name: string,
  integrity: string,
): Promise<StartedApi<T>> {
  let api!: RemoteObject<T>;
  const end = await startFile(
    { endpoint, name, integrity },
    (port) => {
      api = wrap(port);
    },
    () => undefined,
  );
  return { api, end };
}
