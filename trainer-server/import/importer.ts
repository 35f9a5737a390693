/** What an import format is. Each lives in a file of its own; index.ts is their ordered list. */

import type { BadInput } from '../../shared/errors.ts';
import type { Shop } from '../../shared/shop.ts';
import type { Engine } from '../dataset/duckdb.ts';
import type { Progress } from '../progress.ts';
import type { QualityReport } from './quality.ts';

export interface SourceFile {
  /** As the user wrote it: for opening and for complaints. */
  path: string;
  bytes: number;
}

/** Where in which file a row stood. */
export interface RowPlace {
  file: string;
  line?: number;
}

/** The kinds of rows a data folder is made of. */
export type RowKind = 'event' | 'product' | 'decision' | 'pair' | 'judgement' | 'promotion';

/** Takes rows in the form of CONTRACT section 3 (money in major units), validated on the way in. */
export interface Sink {
  /** @throws BadInput naming the field; the caller rejects the row or gives up */
  add(kind: RowKind, raw: unknown, place: RowPlace): void;
  /** What the source says about the shop; a contradiction to the folder's shop.json is refused. */
  shop(raw: unknown, place: RowPlace): void;
  readonly currency: string;
}

export interface ImportContext {
  sink: Sink;
  /** For formats whose rows need joining before they are events. */
  engine: Engine;
  reject(error: BadInput, text: string): void;
  report: QualityReport;
  /** Which site, for sources that hold several. */
  site?: string;
  progress: Progress;
  signal: AbortSignal;
}

export interface Importer {
  /** The word on the command line. */
  format: string;
  /** One line for --help. */
  summary: string;
  /** Shop facts that the format implies. */
  shop?: Partial<Shop>;
  run(files: readonly SourceFile[], context: ImportContext): Promise<void>;
}
