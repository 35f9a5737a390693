/** Text within a page as a Content-Security-Policy names it: this text and no other. */

import { createHash } from 'node:crypto';

export const policySource = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
