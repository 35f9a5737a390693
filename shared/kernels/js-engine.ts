/** Tier `js`: plain TypeScript, where WebAssembly is blocked. The text encoder is left out: it would take too long. */

import type { Engine } from '../engine.ts';
import type { SessionInput } from '../features/sequence.ts';
import { readHead, scoreHead } from '../policy/head.ts';
import type { Tensors } from '../tensors.ts';
import { checkScore } from './check-input.ts';
import { loadJsSession, type Watch } from './js-session.ts';
import type { EngineMeta } from './kernel-engine.ts';
import { checkHead } from './limits.ts';
import { productTable } from './product-table.ts';

export interface JsEngine extends Engine {
  readonly tier: 'js';
  /** Encodes a session for whoever watches its attention. Absent where the release encodes none. */
  watchSession?(input: SessionInput, watch: Watch): void;
}

/**
 * An engine for first.json and first.safetensors; absent parts as in engineFromFirst.
 * @throws BadInput for sizes beyond the limits or tensors that do not fit them
 */
export function jsEngineFromFirst(meta: EngineMeta, tensors: Tensors): JsEngine {
  if (meta.head !== undefined) checkHead(meta.head, tensors);
  const session = meta.session && loadJsSession(meta.session, tensors);
  const head = meta.head && readHead(tensors, meta.head);
  const products = productTable(meta.session === undefined ? {} : tensors, meta.session?.productWidth ?? 0);
  return {
    tier: 'js',
    ...(session && { watchSession: (input, watch) => void session(input, products, watch) }),
    encodeSession: async (input) => session?.(input, products) ?? new Float32Array(0),
    async score(state, actions, count) {
      checkScore(meta.head, state, actions, count);
      return scoreHead(head!, state, actions, count);
    },
    dispose() {},
  };
}
