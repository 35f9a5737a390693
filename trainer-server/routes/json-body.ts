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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, 'malformed', `expected a JSON body: ${(error as Error).message.slice(0, 200)}`);
  }
  requireHarmless(value, '');
  return value;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

async function bodyText(c: Context): Promise<string> {
  const bytes = await c.req.arrayBuffer();
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new ApiError(400, 'malformed', 'expected a JSON body in UTF-8, got other bytes');
  }
}

/** Walks the value once it is there: a reviver would make V8 parse it several times as slowly. */
function requireHarmless(value: unknown, name: string): void {
  // 1e400 parses to Infinity, which JSON cannot write back.
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new ApiError(400, 'malformed', 'expected finite numbers, got one beyond 1.8e308', name);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) requireHarmless(item, name);
    return;
  }
  for (const key of Object.keys(value)) {
    // JSON.parse makes `__proto__` an own property, but the next spread or assignment would not.
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      throw new ApiError(400, 'malformed', `expected no key '${key}'`, key);
    requireHarmless((value as Record<string, unknown>)[key], key);
  }
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
