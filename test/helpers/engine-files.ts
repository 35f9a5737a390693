/** The files of a case as a browser fetches them, the runtime's own included. */

import { writeTensors } from '../../shared/tensors.ts';
import type { EngineCase } from './engine-case.ts';

export function engineFiles(of: EngineCase): Record<string, Uint8Array> {
  return { 'first.safetensors': writeTensors(of.first), 'text.safetensors': writeTensors(of.texts) };
}
