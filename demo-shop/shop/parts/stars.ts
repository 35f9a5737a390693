import { html, svg, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import type { ShopProduct } from '../catalogue.ts';

const STAR = 'M10 1.6l2.5 5.3 5.8.8-4.2 4 1 5.7L10 14.7l-5.1 2.7 1-5.7-4.2-4 5.8-.8z';

/** One, to be given. */
export const star = html`<svg viewBox="0 0 20 20" width="24" height="24"><path d=${STAR} /></svg>`;

/** Five stars, filled to the tenth. */
export function stars(app: App, product: Pick<ShopProduct, 'rating' | 'ratingCount'>): TemplateResult {
  const { rating, ratingCount } = product;
  const label = `${app.word('ratingOf', { r: rating })}, ${app.word('reviews', { n: ratingCount })}`;
  return html`
    <span class="stars" role="img" aria-label=${label}>
      <svg viewBox="0 0 100 20" width="80" height="16" aria-hidden="true">
        ${[0, 1, 2, 3, 4].map((i) => svg`<path class="star" d=${STAR} transform="translate(${i * 20} 0)" />`)}
        <svg x="0" y="0" width=${rating * 20} height="20" viewBox="0 0 ${rating * 20} 20">
          ${[0, 1, 2, 3, 4].map((i) => svg`<path class="star lit" d=${STAR} transform="translate(${i * 20} 0)" />`)}
        </svg>
      </svg>
      <span aria-hidden="true">${ratingCount}</span>
    </span>
  `;
}
