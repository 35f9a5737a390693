/** Bearer tokens: 256 random bits, shown once; the database keeps their SHA-256 alone. */

import { createHash, randomBytes } from 'node:crypto';

/** Lets scanners for leaked secrets find a token wherever it was pasted. */
export const TOKEN_PREFIX = 'pe_';

export const newToken = (): string => `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;

/**
 * What is stored and looked up. A fast hash is right here: there is no dictionary of 256-bit random values, and the
 * time an index look-up takes tells nothing about a hash's preimage.
 */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
