import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { promoEdge } from '../promo-edge.ts';
import type { Place } from '../router.ts';

/** Tells the SDK what the shopper allows. */
export function applyConsent(app: App): void {
  const { personalization, measurement, reports } = app.state;
  promoEdge((edge) => edge.setConsent({ personalization, measurement, reports }));
}

/** Pages that it would hide: one has the same switches and more, the other shows shoppers with answers of their own. */
const WITHOUT_NOTE = ['privacy', 'qa'];

/** The note on privacy, until it is answered. Neither answer is easier than the other. */
export function consentNote(app: App, place: Place): TemplateResult | typeof nothing {
  if (app.state.consented || WITHOUT_NOTE.includes(place.path[0] ?? '')) return nothing;
  const zh = app.language === 'zh';
  const answer = (measurement: boolean): void => {
    app.store.update({ consented: true, personalization: true, measurement });
    applyConsent(app);
  };
  return html`
    <section class="consent" aria-labelledby="consent-title">
      <h2 id="consent-title">${zh ? '你看了什么，只留在这台设备上' : 'What you look at stays on this device'}</h2>
      <p>
        ${
          zh
            ? '优惠由你的浏览器自己挑选，浏览记录不会发送给任何人。若你愿意，也可以把浏览过程（不含姓名）分享给商店，帮助改进优惠。'
            : 'Offers are chosen by your own browser. Nothing you do here is sent anywhere, unless you choose to share it, without your name, to make the offers better.'
        }
      </p>
      <div class="consent-answers">
        <button type="button" class="button" @click=${() => answer(false)}>${zh ? '仅保留在本机' : 'Keep it here'}</button>
        <button type="button" class="button" @click=${() => answer(true)}>${zh ? '愿意分享' : 'Share it'}</button>
        <a href="/privacy">${zh ? '了解详情与关闭' : 'Details, or switch it off'}</a>
      </div>
    </section>
  `;
}
