import { Hono } from 'hono';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireRole } from '../../../trainer-server/access/caller.ts';
import { describedRoutes, openApiOf } from '../../../trainer-server/routes/openapi.ts';
import { describe as operation } from '../../../trainer-server/routes/operation.ts';
import { type Served, serveStore, signing } from '../../helpers/served.ts';

let served: Served;
beforeAll(async () => {
  served = await serveStore(signing().store);
});
afterAll(() => served.stop());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { parameters: { name: string; in: string }[]; security: unknown[] }>>;
}

interface Body {
  properties: Record<string, unknown>;
}

describe('the API document', () => {
  it('is OpenAPI 3.1 and names each parameter of each path', async () => {
    const document = (await (await fetch(`${served.url}/openapi.json`)).json()) as Document;
    expect(document.openapi).toBe('3.1.0');
    for (const [path, operations] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(path).not.toContain(':');
      for (const { parameters } of Object.values(operations)) {
        expect(parameters.filter((entry) => entry.in === 'path').map(({ name }) => name)).toEqual(named);
      }
    }
    expect(document.paths['/s/{site}/orders']!.post!.security).toEqual([{ token: [] }]);
    expect(document.paths['/s/{site}/trajectories']!.post!.security).toEqual([]);
  });

  it('names the idempotency key of what may happen once, and what a priced cart is made of', async () => {
    const document = (await (await fetch(`${served.url}/openapi.json`)).json()) as Document;
    for (const path of ['/s/{site}/redemptions', '/s/{site}/redemptions/{id}/reversals'])
      expect(document.paths[path]!.post!.parameters).toContainEqual(
        expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: true }),
      );
    const { responses } = document.paths['/s/{site}/quotes']!.post as unknown as {
      responses: Record<
        string,
        { content: Record<string, { schema: { properties: Record<string, Body> } }> }
      >;
    };
    const { priced } = responses['2XX']!.content['application/json']!.schema.properties;
    expect(Object.keys(priced!.properties)).toEqual(
      expect.arrayContaining(['lines', 'shipping', 'applied', 'goods', 'tax', 'total']),
    );
  });

  it('is made from the schemas that read requests', () => {
    const body = v.object({
      count: v.pipe(v.number(), v.integer(), v.minValue(1)),
      note: v.optional(v.string()),
    });
    const app = new Hono().post(
      '/things/:id',
      operation({
        summary: 'Do it',
        body,
        query: v.object({ dry: v.optional(v.string()) }),
        answer: v.undefined(),
      }),
      requireRole('admin'),
      (c) => c.body(null, 204),
    );
    const document = openApiOf(describedRoutes(app.routes)) as unknown as Document;
    const post = document.paths['/things/{id}']!.post as unknown as Record<string, unknown>;
    expect(post.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { count: { type: 'integer', minimum: 1 }, note: { type: 'string' } },
            required: ['count'],
          },
        },
      },
    });
    expect(post.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true },
      { name: 'dry', in: 'query', required: false },
    ]);
    expect(post.description).toBe('For tokens of role admin.');
  });

  it('has a page for people without a script or a foreign file', async () => {
    const response = await fetch(`${served.url}/docs`);
    const text = await response.text();
    expect(text).toContain('POST /s/{site}/orders');
    expect(text).not.toMatch(/<script|src=|https?:\/\//);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
