import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import type { ShopProduct } from '../catalogue.ts';

/** A product's picture; decorative where the title stands beside it. */
export const pictureOf = (app: App, product: ShopProduct, decorative = true): TemplateResult => html`
  <img
    class="picture"
    src="/pictures/${product.sku}.svg"
    alt=${decorative ? '' : app.title(product)}
    width="400"
    height="400"
    loading=${decorative ? 'lazy' : 'eager'}
    decoding="async"
  />
`;
