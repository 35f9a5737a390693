import type { Pooling } from '../bert/bert-network.ts';
import type { Bert } from '../bert/open-bert.ts';

/** A published text model: what `embed --checkpoint` answers with. */
export interface Teacher {
  /** Values of a vector. */
  readonly width: number;
  /** What it was opened from, where that can be fine-tuned. */
  readonly checkpoint?: BertCheckpoint;
  /** Unit vectors, [texts * width]. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A BERT's values, and which of its states is a text's vector. */
export interface BertCheckpoint {
  bert: Bert;
  pooling: Pooling;
}

/** Tokens of a text beyond which it is cut, as sentence-transformers publishes its small models. */
export const LONGEST = 128;
