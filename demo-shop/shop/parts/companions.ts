/** What goes well with a product or a whole basket: ranked on the device, explained in words, priced by this shop. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Recommendation, Recommended } from '../../../sdk/index.ts';
import type { App } from '../app.ts';
import type { ShopProduct } from '../catalogue.ts';
import { asked } from '../promo-edge.ts';
import type { SlotName } from '../slot.ts';
import type { Word } from '../words.ts';
import { pictureOf } from './picture.ts';
import { productGrid } from './product-card.ts';

const SHOWN = 4;
/** Some of what the device names may be sold out here by now. */
const ASKED = 8;
const RANKING_MS = 1500;

type Because = NonNullable<Recommended['because']>[number];

const WHY: Record<Because['code'], Word> = {
  'goes-with': 'whyGoesWith',
  'bought-together': 'whyBought',
  replaces: 'whyReplaces',
  likely: 'whyLikely',
};

export class Companions {
  #answer: Recommendation = { items: [] };
  #asked = '';

  /** @param place the page's slot, and how it is told of the promotion that is shown there */
  constructor(
    private readonly app: App,
    private readonly place: { slot: SlotName; promotion(): string | undefined },
  ) {}

  /** Asks the device anew where the basket, or what is offered for it, has changed. */
  #keep(skus: readonly string[]): void {
    const promotion = this.app.state.offers[0] ?? this.place.promotion();
    const question = [...skus, promotion].join();
    if (question === this.#asked) return;
    this.#asked = question;
    const options = { k: ASKED, cart: skus, ...(promotion === undefined ? {} : { promotion }) };
    void asked((edge) => edge.recommend(this.place.slot, options), { items: [] }, RANKING_MS).then(
      (answer) => {
        // The basket may have changed again meanwhile.
        if (question !== this.#asked) return;
        this.#answer = answer;
        this.app.store.update({});
      },
    );
  }

  /** @param beside what is on the page or in the basket, the product that matters most first */
  render(beside: readonly ShopProduct[], heading: string, list: string): TemplateResult {
    const { app } = this;
    this.#keep(beside.map(({ sku }) => sku));
    const fits = (product: ShopProduct): boolean => product.stock > 0 && !beside.includes(product);
    const because = new Map(this.#answer.items.map((item) => [item.sku, item.because?.[0]]));
    const own = [...because.keys()].flatMap((sku) => app.catalogue.product(sku) ?? []).filter(fits);
    // Where the device has too little to say, the shop's own shelves do.
    const shelf = own.length < SHOWN;
    const products = shelf ? app.catalogue.goesWith(beside[0]!).filter(fits) : own;
    return html`
      ${this.#together(beside)}
      <section class="companions">
        <h2>${heading}</h2>
        ${productGrid(app, products.slice(0, SHOWN), list, (product) => (shelf ? this.#shelfWords(product, beside[0]!) : this.#words(because.get(product.sku), beside)))}
      </section>
    `;
  }

  #words(because: Because | undefined, beside: readonly ShopProduct[]): string | undefined {
    if (because === undefined) return undefined;
    const about = because.sku === undefined ? undefined : this.app.catalogue.product(because.sku);
    // Beside one product there is no need to say which.
    const t = about === undefined || beside.length === 1 ? this.app.word('whyThis') : this.app.title(about);
    return this.app.word(WHY[because.code], { t });
  }

  /** Why the shop itself puts it there: see Catalogue.goesWith. */
  #shelfWords({ line, category }: ShopProduct, beside: ShopProduct): string {
    if (line !== undefined && line === beside.line) return this.app.word('whySeries');
    const place = this.app.catalogue.categoryName(category[0]!, this.app.language);
    return this.app.word('whyShelf', { t: place });
  }

  /** A set at one price. The device says what belongs together; what it costs, this shop's till. */
  #together(beside: readonly ShopProduct[]): TemplateResult | typeof nothing {
    const { app } = this;
    const { skus = [], promotion } = this.#answer.bundle ?? {};
    const products = skus.flatMap((sku) => app.catalogue.product(sku) ?? []);
    const missing = products.filter(({ sku }) => !app.state.cart.some((line) => line.sku === sku));
    const whole = products.length === skus.length && products.every(({ stock }) => stock > 0);
    if (products.length < 2 || missing.length === 0 || !whole) return nothing;
    const { apart, price } = app.together(products, promotion);
    // In the basket, what would merely cost as much as it does apart is one card too many.
    if (price === apart && beside.length > 1) return nothing;
    const offer = price < apart ? promotion : undefined;
    const words = offer && app.catalogue.promotion(offer)?.creative[app.language].title;
    return html`
      <section class="together" aria-label=${app.word('together')}>
        <ul>
          ${products.map((product) => html`<li><a href="/p/${product.sku}">${pictureOf(app, product)}<span>${app.title(product)}</span></a></li>`)}
        </ul>
        <div class="together-price">
          <p>
            ${app.word('together')}
            ${price < apart ? html`<s><span class="quiet-label">${app.word('was')} </span>${app.money(apart)}</s>` : nothing}
            <strong>${app.money(price)}</strong>
          </p>
          ${words ? html`<p class="small">${words}</p>` : nothing}
          <button type="button" class="button" @click=${() => app.addTogether(missing, offer)}>
            ${app.word(missing.length === products.length ? 'addAll' : 'addRest')}
          </button>
        </div>
      </section>
    `;
  }
}
