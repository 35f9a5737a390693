/** `GET /openapi.json`: every route, from the schemas that read its requests. */

import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema';
import { Hono } from 'hono';
import type * as v from 'valibot';
import { rolesOf } from '../access/caller.ts';
import { TOKEN_ROLES } from '../access/roles.ts';
import { describe, type Operation, operationOf } from './operation.ts';

/** What the document needs of a route of Hono's. */
export interface KnownRoute {
  method: string;
  path: string;
  handler: unknown;
}

export interface DescribedRoute extends Operation {
  method: string;
  /** As OpenAPI writes it: `/s/{site}/orders`. */
  path: string;
  /** Absent: everyone. */
  roles?: readonly string[];
}

/** Routes in the order in which they were added. A route without description is left out; a test forbids it. */
export function describedRoutes(routes: readonly KnownRoute[]): DescribedRoute[] {
  const found = new Map<string, DescribedRoute>();
  for (const { method, path, handler } of routes) {
    const operation = operationOf(handler);
    const key = `${method} ${path}`;
    if (operation !== undefined)
      found.set(key, { ...operation, method, path: path.replace(/:(\w+)/g, '{$1}') });
  }
  for (const { method, path, handler } of routes) {
    const roles = rolesOf(handler);
    const described = found.get(`${method} ${path}`);
    if (described !== undefined && roles !== undefined) described.roles = roles;
  }
  return [...found.values()];
}

/** OpenAPI 3.1.0 (spec.openapis.org/oas/v3.1.0), whose schemas are JSON Schema 2020-12. */
export function openApiOf(routes: readonly DescribedRoute[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationObject(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Promo Edge trainer',
      version: '1',
      description:
        'Money is in decimal major units in orders and in minor units in coupons. No route sets or reads a cookie.',
    },
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `Made by promo-edge tokens; ${TOKEN_ROLES.join(', ')}`,
        },
      },
      schemas: { Error: ERROR_SCHEMA },
    },
  };
}

export function openApiRoute(routes: () => readonly DescribedRoute[]): Hono {
  return new Hono().get(
    '/openapi.json',
    describe({ summary: 'This API as OpenAPI 3.1', answer: 'application/json' }),
    (c) => {
      c.header('Cache-Control', 'no-store');
      return c.json(openApiOf(routes()));
    },
  );
}

/** CONTRACT section 4. */
const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        field: { type: 'string', description: 'Path of the value that is wrong' },
      },
    },
  },
} as const;

function operationObject({
  path,
  summary,
  roles,
  body,
  query,
  headers = {},
  answer,
}: DescribedRoute): Record<string, unknown> {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    summary,
    ...(roles === undefined ? {} : { description: `For tokens of role ${roles.join(', ')}.` }),
    security: roles === undefined ? [] : [{ token: [] }],
    parameters: [...parameters, ...queryParameters(query), ...headerParameters(headers)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body) } } } }),
    responses: {
      '2XX': { description: 'Done', ...answerContent(answer) },
      default: {
        description: 'Refused, and why',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function answerContent(answer: Operation['answer']): Record<string, unknown> {
  if (typeof answer === 'string') return { content: { [answer]: {} } };
  // An answer without a body.
  if (answer.type === 'undefined') return {};
  return { content: { 'application/json': { schema: jsonSchema(answer) } } };
}

function queryParameters(query: v.GenericSchema | undefined): Record<string, unknown>[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(query) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters(headers: NonNullable<Operation['headers']>): Record<string, unknown>[] {
  return Object.entries(headers).map(([name, schema]) => ({
    ...{ name, in: 'header', required: true },
    schema: jsonSchema(schema),
  }));
}

/** What JSON Schema cannot say (a time as text, a check of ours) is left out: the server says it in its refusals. */
const CONVERSION: ConversionConfig = { typeMode: 'input', errorMode: 'ignore', target: 'draft-2020-12' };

export function jsonSchema(schema: v.GenericSchema): Record<string, unknown> {
  const { $schema: _, ...rest } = toJsonSchema(schema, CONVERSION) as Record<string, unknown>;
  return rest;
}
