/** What a slot shows of a promotion: its words, the button that takes it and the one that refuses it. */

import { html, nothing, render, type TemplateResult } from 'lit-html';
import { disclosureText } from '../../trainer-server/client/till.ts';
import type { Language, ShopPromotion } from './catalogue.ts';
import { word } from './words.ts';

export interface OfferBox {
  box: HTMLElement;
  /** Absent where there is nothing to take. */
  take?: HTMLButtonElement;
  refuse: HTMLButtonElement;
}

/** The law's text that decisions of this shop come with. */
const DISCLOSURE = 'eu-personalised-price';

/** @param disclosure text that the law wants beside it */
function offer({ creative, terms }: ShopPromotion, language: Language, disclosure?: string): TemplateResult {
  const { title, text, action } = creative[language];
  return html`<div class="slot-offer">
    <div>
      <p class="slot-title">${title}</p>
      <p class="slot-text">${text}</p>
      ${disclosure === undefined ? nothing : html`<p class="slot-disclosure small">${disclosure}</p>`}
    </div>
    ${terms.type === 'message' ? nothing : html`<button type="button" class="button">${action}</button>`}
    <button type="button" class="textual">${word('notInterested', language)}</button>
  </div>`;
}

export function offerBox(promotion: ShopPromotion, language: Language, disclosure?: string): OfferBox {
  const box = elementOf(offer(promotion, language, disclosure));
  const take = box.querySelector<HTMLButtonElement>('.button');
  return { box, ...(take && { take }), refuse: box.querySelector<HTMLButtonElement>('.textual')! };
}

/** As high as the longest offer in this page's own fonts and width: the page below does not move when one is decided. */
export function room(promotions: readonly ShopPromotion[], language: Language): TemplateResult {
  const disclosure = disclosureText(DISCLOSURE, language);
  return html`<div class="slot-room" inert>${promotions.map((promotion) => offer(promotion, language, disclosure))}</div>`;
}

export const roomFor = (promotions: readonly ShopPromotion[], language: Language): HTMLElement =>
  elementOf(room(promotions, language));

/** The shop's own words in a slot. */
export const fallbackText = (text: string): TemplateResult =>
  html`<p class="slot-fallback"><img src="/pictures/logo.svg" alt="" width="28" height="28" />${text}</p>`;

/** The one element of a template. */
export function elementOf(template: TemplateResult): HTMLElement {
  const holder = document.createElement('div');
  render(template, holder);
  return holder.firstElementChild as HTMLElement;
}
