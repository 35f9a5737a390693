/** The portable verifier's file, for the worker that starts it where WebCrypto lacks Ed25519 or is missing. */

import { answer } from './remote.ts';
import { serveFile } from './serve-file.ts';
import { verifier } from './worker/portable-crypto.ts';

serveFile('promo-edge-crypto', () => verifier, answer);
