/** `GET /docs`: the API for people, without a script. */

import { Hono } from 'hono';
import { html } from 'hono/html';
import { type DescribedRoute, jsonSchema } from './openapi.ts';
import { describe, type Operation } from './operation.ts';
import { type Html, page } from './page.ts';

const OPERATION: Operation = { summary: 'This API, for people', answer: 'text/html' };

export function docsPageRoute(routes: () => readonly DescribedRoute[]): Hono {
  return new Hono().get('/docs', describe(OPERATION), (c) => page(c, 'API of Promo Edge', body(routes())));
}

function body(routes: readonly DescribedRoute[]): Html {
  return html`<p>Requests and answers are JSON. Tokens travel as <code>Authorization: Bearer TOKEN</code>;
<code>promo-edge tokens</code> makes them. An error is <code>{"error": {"code", "message", "field"?}}</code>.
The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${routes.map(section)}`;
}

function section({ method, path, summary, roles, body, query, answer }: DescribedRoute): Html {
  return html`<section class="route"><h2><code>${method} ${path}</code></h2>
<p>${summary}.</p>
<p class="muted">${roles === undefined ? 'For everyone' : `For tokens of role ${roles.join(', ')}`}</p>
${schemaText('Query', query)}${schemaText('Request', body)}${typeof answer === 'string' ? html`<p class="muted">Answers ${answer}</p>` : schemaText('Answer', answer)}
</section>`;
}

function schemaText(title: string, schema: Operation['body']): Html | string {
  if (schema === undefined || schema.type === 'undefined') return '';
  return html`<details><summary>${title}</summary><pre tabindex="0">${JSON.stringify(jsonSchema(schema), null, 2)}</pre></details>`;
}
