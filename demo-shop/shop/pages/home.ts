import { html, type TemplateResult } from 'lit-html';
import { slugOf } from '../catalogue.ts';
import { ICONS } from '../parts/icons.ts';
import { pictureOf } from '../parts/picture.ts';
import { productGrid } from '../parts/product-card.ts';
import { asked } from '../promo-edge.ts';
import { itemOf, push } from '../tracking.ts';
import type { Page } from './page.ts';

const SHOWN = 8;
/** How long the device may take to rank before the page shows what is popular. */
const RANKING_MS = 1500;

export const home: Page = (app, _place, slots) => {
  const popular = app.catalogue.popular().slice(0, SHOWN);
  const reduced = app.catalogue
    .popular(app.catalogue.products.filter((product) => product.listPrice !== undefined))
    .slice(0, 4);
  let own: typeof popular = [];
  return {
    title: app.word('tagline'),
    arrived() {
      push('view_item_list', { item_list_id: 'home', items: popular.map((product) => itemOf(product)) });
      void asked((edge) => edge.recommend('home', { k: 8 }), { items: [] }, RANKING_MS).then(({ items }) => {
        own = items
          .flatMap(({ sku }) => app.catalogue.product(sku) ?? [])
          .filter(({ stock }) => stock > 0)
          .slice(0, 4);
        if (own.length > 0) app.store.update({});
      });
    },
    render: () => html`
      <section class="hero">
        <img class="hero-picture" src="/pictures/lane.svg" alt="" width="1200" height="560" fetchpriority="high" />
        <div class="hero-words">
          <h1>${app.word('heroTitle')}</h1>
          <p>${app.word('heroText')}</p>
          <p class="hero-actions">
            <a class="button" href="/c/home">${app.word('heroAction')}</a>
            <a class="button plain" href="/c/tea">${app.word('heroSecond')} ${ICONS.arrow}</a>
          </p>
        </div>
      </section>
      ${slots.element('home')}
      ${popular.length === 0 ? html`<p class="hint">${app.word('emptyShop')}</p>` : shelves()}
    `,
  };

  function shelves(): TemplateResult {
    return html`
      <section>
        <h2>${app.word('departments')}</h2>
        <ul class="doors">
          ${app.catalogue.departments.map((name) => {
            const within = app.catalogue.within([slugOf(name)]);
            const product = app.catalogue.popular(within)[0]!;
            return html`<li>
              <a href="/c/${slugOf(name)}">
                ${pictureOf(app, product)}
                <span>${app.catalogue.categoryName(name, app.language)} <small>${within.length} ${app.word('products')}</small></span>
              </a>
            </li>`;
          })}
        </ul>
      </section>
      <section><h2>${app.word('popular')}</h2>${productGrid(app, popular, 'home')}</section>
      ${
        own.length === 0
          ? ''
          : html`<section><h2>${app.word('forYou')}</h2>${productGrid(app, own, 'home_own')}</section>`
      }
      ${
        reduced.length === 0
          ? ''
          : html`<section><h2>${app.word('reduced')}</h2>${productGrid(app, reduced, 'home_reduced')}</section>`
      }
    `;
  }
};
