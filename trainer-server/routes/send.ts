/** Answers with bytes that may be packed already. */

import type { Context } from 'hono';

export interface Sendable {
  mediaType: string;
  bytes: Uint8Array;
  brotli?: Uint8Array;
}

/** The same bytes for everyone who accepts brotli, the same plain ones for everyone else. */
export function send(c: Context, file: Sendable, cacheControl: string): Response {
  const packed = file.brotli !== undefined && acceptsBrotli(c.req.header('Accept-Encoding'));
  const body = packed ? file.brotli! : file.bytes;
  c.header('Content-Type', file.mediaType);
  c.header('Content-Length', String(body.length));
  c.header('Cache-Control', cacheControl);
  c.header('Vary', 'Accept-Encoding');
  if (packed) c.header('Content-Encoding', 'br');
  return c.req.method === 'HEAD' ? c.body(null) : c.body(body as Uint8Array<ArrayBuffer>);
}

/** RFC 9110, 12.5.3: `br` listed, and not with weight 0. */
function acceptsBrotli(header: string | undefined): boolean {
  return (header ?? '').split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    return coding === 'br' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
