/** Reading JSON that a stranger sent: bounded in bytes and depth, and nothing in it can reach a prototype. */

import type { Context } from 'hono';
import { show } from '../../shared/errors.ts';
import { ApiError } from './api-error.ts';

/** Deeper than any document of ours; deep nesting overflows the stack of whoever walks it. */
const DEEPEST = 32;

/**
 * Every body of ours is an object; a list would pass for one whose fields are all optional.
 * @throws ApiError 400 on anything but a JSON object of finite numbers and harmless keys
 */
export async function jsonBody(c: Context): Promise<object> {
  const value = await anyJson(c);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ApiError(400, 'bad-input', `expected a JSON object, found ${show(value)}`);
}

async function anyJson(c: Context): Promise<unknown> {
  const text = await bodyText(c);
  if (depthOf(text) > DEEPEST)
    throw new ApiError(400, 'malformed', `expected JSON of at most ${DEEPEST} levels, got more`);
  try {
    return JSON.parse(text, harmless);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, 'malformed', `expected a JSON body: ${(error as Error).message.slice(0, 200)}`);
  }
}

async function bodyText(c: Context): Promise<string> {
  const bytes = await c.req.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError(400, 'malformed', 'expected a JSON body in UTF-8, got other bytes');
  }
}

function harmless(key: string, value: unknown): unknown {
  // JSON.parse makes `__proto__` an own property, but the next spread or assignment would not.
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    throw new ApiError(400, 'malformed', `expected no key '${key}'`, key);
  }
  // 1e400 parses to Infinity, which JSON cannot write back.
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ApiError(400, 'malformed', 'expected finite numbers, got one beyond 1.8e308', key);
  }
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}
