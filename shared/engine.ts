/** What runs the networks. Every tier implements this; one contract suite runs against all. */

import type { SessionInput } from './features/sequence.ts';

/** Lowest first. `ort-node` is the trainer's and the command line's. */
export type Tier = 'js' | 'kernels' | 'ort-wasm' | 'ort-webgpu' | 'ort-node';

export interface Engine {
  readonly tier: Tier;
  /**
   * The session's state after its last token, [session width]; zeros for an empty session.
   * @param input not to be written to afterwards: an engine may go on from it
   */
  encodeSession(input: SessionInput): Promise<Float32Array>;
  /** Unit vector of a text, [vector width]. Absent until the text encoder has been loaded. */
  encodeText?(tokens: Int32Array): Promise<Float32Array>;
  /**
   * Q of each promotion in the log's own unit, [count].
   * @param state [session width + context width]
   * @param actions [count, action width], the eligible promotions only: the dueling mean is taken over them
   */
  score(state: Float32Array, actions: Float32Array, count: number): Promise<Float32Array>;
  dispose(): void;
}
