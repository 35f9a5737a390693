import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { loadedEdge } from '../promo-edge.ts';

export const footer = (app: App): TemplateResult => html`
  <footer class="bottom">
    <p class="bottom-name">${app.language === 'zh' ? '灯巷' : 'Lantern Lane'}</p>
    <p>${app.word('tagline')}</p>
    <ul>
      <li><a href="/orders">${app.word('orders')}</a></li>
      <li><a href="/wishes">${app.word('wishes')}</a></li>
      <li><button type="button" @click=${() => openYourOffers(app)}>${app.word('yourOffers')}</button></li>
      <li><a href="/privacy">${app.word('privacy')}</a></li>
      <li><a href="/qa">${app.word('watch')}</a></li>
    </ul>
    <p class="small">${app.word('demo')}</p>
  </footer>
`;

/** The panel's file is fetched when it is first wanted. */
function openYourOffers(app: App): void {
  const titleOf = (id: string): string | undefined =>
    app.catalogue.promotion(id)?.creative[app.language].title;
  const edge = loadedEdge();
  // Where it has not loaded there is nothing to show; the page on privacy has the switches all the same.
  if (edge === undefined) app.go('/privacy');
  else void import('../../../sdk/panel/index.ts').then(({ openPanel }) => openPanel(edge, { titleOf }));
}
