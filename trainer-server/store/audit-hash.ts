/** The hash that chains the audit log: each row's covers the one before, so no row can change without all later ones. */

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';

export interface AuditRow {
  /** 1, 2, 3, ... without a gap. */
  seq: number;
  /** Epoch ms. */
  at: number;
  site: string;
  who: string;
  action: string;
  /** JSON text, hashed as it is stored. */
  detail: string;
  /** Hash of the row before; zeros before the first. */
  previous: string;
}

export const BEFORE_THE_FIRST = '0'.repeat(64);

/** SHA-256 over the canonical JSON of the row, lower-case hex. */
export function auditHash({ seq, at, site, who, action, detail, previous }: AuditRow): string {
  const text = canonicalJson({ seq, at, site, who, action, detail, previous });
  return createHash('sha256').update(text).digest('hex');
}
