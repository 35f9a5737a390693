import { html } from 'lit-html';
import { productGrid } from '../parts/product-card.ts';
import { asked } from '../promo-edge.ts';
import { lexicalSearch } from '../search.ts';
import { itemOf, push } from '../tracking.ts';
import type { Page } from './page.ts';

const RANKING_MS = 400;
const REPORTED = 12;

export const search: Page = (app, place, slots) => {
  const query = place.query.get('q') ?? '';
  const lexical = lexicalSearch(app.catalogue, query);
  let found = lexical;
  return {
    title: app.word('resultsFor', { q: query }),
    arrived() {
      push('search', { search_term: query });
      push('view_item_list', {
        item_list_id: 'search',
        items: found.slice(0, REPORTED).map((product) => itemOf(product)),
      });
      void asked((edge) => edge.search(query, { k: 60 }), { items: [] }, RANKING_MS).then(({ items }) => {
        // The device orders what the words found; what it adds of its own only helps where they found nothing.
        const ranked = items.flatMap(({ sku }) => app.catalogue.product(sku) ?? []);
        const both = ranked.filter((product) => lexical.includes(product));
        found = lexical.length === 0 ? ranked.slice(0, 12) : [...new Set([...both, ...lexical])];
        if (ranked.length > 0) app.store.update({});
      });
    },
    render: () => html`
      <div class="list-head">
        <h1>${app.word(found.length === 0 ? 'noResults' : 'resultsFor', { q: query })}</h1>
        <p>${found.length === 0 ? app.word('noResultsText') : html`${found.length} ${app.word('products')}`}</p>
      </div>
      ${slots.element('search')}
      ${
        found.length > 0
          ? productGrid(app, found, 'search')
          : app.catalogue.products.length === 0
            ? ''
            : html`<h2>${app.word('popular')}</h2>
              ${productGrid(app, app.catalogue.popular().slice(0, 4), 'search_popular')}`
      }
    `,
  };
};
