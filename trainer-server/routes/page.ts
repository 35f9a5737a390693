/** The pages that the server itself shows: no script, no foreign file, readable in a narrow window. */

import type { Context } from 'hono';
import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

const STYLE = `:root{color-scheme:light dark;--text:#1d2330;--muted:#555d6e;--line:#d8dce4;--page:#fff;--card:#f6f7f9}
@media (prefers-color-scheme:dark){:root{--text:#e6e8ee;--muted:#a3abba;--line:#363c49;--page:#14171d;--card:#1c2028}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem;color:var(--text);background:var(--page)}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.5rem 0 .25rem}
a{color:inherit}code,pre{font:.875em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--card);padding:.75rem;border-radius:6px;overflow-wrap:normal}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
th{font-weight:600;white-space:nowrap}time{white-space:nowrap}th[scope=row]{width:11rem}.scroll{overflow-x:auto}.scroll table{min-width:34rem}.muted{color:var(--muted);margin:.2rem 0}
@media (max-width:36rem){th[scope=row]{width:auto;display:block;border:0;padding-bottom:0}th[scope=row]+td{display:block;padding-top:0}}`;

export function page(c: Context, title: string, body: Html | string): Response | Promise<Response> {
  c.header('Cache-Control', 'no-store');
  c.header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  return c.html(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`);
}

/** Scrolls by itself where the window is too narrow, by keyboard as well. @param rows of `<td>`s */
export function table(label: string, columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row}</tr>`)}</tbody></table></div>`;
}

/** To the minute, in UTC, whatever the reader's settings. @param ms epoch ms */
export function time(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}
