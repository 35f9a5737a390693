import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';

/** What stands where there is nothing to show: one sentence and one way on. */
export const empty = (app: App, title: string, text: string, href = '/'): TemplateResult => html`
  <section class="empty">
    <img src="/pictures/empty.svg" alt="" width="160" height="160" />
    <h1>${title}</h1>
    <p>${text}</p>
    <a class="button" href=${href}>${app.word('keepShopping')}</a>
  </section>
`;
