import { html, type TemplateResult } from 'lit-html';
import type { PricedCart } from '../../../trainer-server/client/till.ts';
import type { App } from '../app.ts';
import { empty } from '../parts/empty.ts';
import type { Word } from '../words.ts';
import { summary } from './cart.ts';
import type { Page } from './page.ts';

export const checkout: Page = (app) => {
  let placing = false;
  return {
    title: app.word('checkoutTitle'),
    render() {
      if (app.cartLines().length === 0)
        return empty(app, app.word('cartEmpty'), app.word('cartEmptyText'), '/c/tea');
      const place = async (event: SubmitEvent): Promise<void> => {
        event.preventDefault();
        if (placing) return;
        const wait = (waits: boolean): void => {
          placing = waits;
          app.store.update({});
        };
        wait(true);
        const id = await app.placeOrder().finally(() => wait(false));
        if (id !== undefined) app.go(`/order/${id}`);
      };
      const priced = app.priced();
      return html`
      <h1>${app.word('checkoutTitle')}</h1>
      <p class="hint">${app.word('noAccount')}</p>
      <form class="basket" @submit=${place}>
        <div>
          <fieldset class="fields">
            <legend>${app.word('contact')}</legend>
            ${field(app, 'email', 'email', 'email')} ${field(app, 'name', 'text', 'name')}
            ${field(app, 'address', 'text', 'street-address')} ${field(app, 'postcode', 'text', 'postal-code')}
            ${field(app, 'city', 'text', 'address-level2')}
          </fieldset>
          <fieldset class="fields">
            <legend>${app.word('payment')}</legend>
            <p class="demo-note">${app.word('paymentDemo')}</p>
          </fieldset>
        </div>
        <section class="summary" aria-label=${app.word('total')}>
          ${bought(app, priced)} ${summary(app, priced)}
          <button class="button wide" aria-disabled=${placing}>${app.word(placing ? 'claiming' : 'placeOrder')}</button>
        </section>
      </form>
    `;
    },
  };
};

/** What the sum is for: nobody should have to go back to see it. */
const bought = (app: App, { lines }: PricedCart): TemplateResult => html`
  <ul class="bought">
    ${app
      .cartLines()
      .map(
        ({ product, quantity }, i) =>
          html`<li><span>${app.title(product)}\u00a0×\u00a0${quantity}</span><span>${app.money(lines[i]!.gross)}</span></li>`,
      )}
  </ul>
`;

/** Nothing here is read by the shop: the fields are there to be filled in, and are sent nowhere. */
function field(app: App, name: Word, type: string, autocomplete: string): TemplateResult {
  return html`
    <label class="field field-${name}">
      <span>${app.word(name)}</span>
      <input name=${name} type=${type} autocomplete=${autocomplete as AutoFill} required maxlength="120" />
    </label>
  `;
}
