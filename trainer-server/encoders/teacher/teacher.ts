/** A published text model: what `embed --checkpoint` answers with. */
export interface Teacher {
  /** Values of a vector. */
  readonly width: number;
  /** Unit vectors, [texts * width]. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Tokens of a text beyond which it is cut, as sentence-transformers publishes its small models. */
export const LONGEST = 128;
