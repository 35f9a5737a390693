/** What a slot shows of a promotion: its words, the button that takes it and the one that refuses it. */

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
export function offerBox(promotion: ShopPromotion, language: Language, disclosure?: string): OfferBox {
  const { title, text, action } = promotion.creative[language];
  const words = document.createElement('div');
  words.append(line('p', 'slot-title', title), line('p', 'slot-text', text));
  if (disclosure !== undefined) words.append(line('p', 'slot-disclosure small', disclosure));
  const box = line('div', 'slot-offer', '');
  box.append(words);
  const refuse = button('textual', word('notInterested', language));
  if (promotion.terms.type === 'message') {
    box.append(refuse);
    return { box, refuse };
  }
  const take = button('button', action);
  box.append(take, refuse);
  return { box, take, refuse };
}

/** As high as the longest offer in this page's own fonts and width: the page below does not move when one is decided. */
export function roomFor(promotions: readonly ShopPromotion[], language: Language): HTMLElement {
  const room = line('div', 'slot-room', '');
  room.inert = true;
  const disclosure = disclosureText(DISCLOSURE, language);
  room.append(...promotions.map((promotion) => offerBox(promotion, language, disclosure).box));
  return room;
}

export function line(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(className: string, text: string): HTMLButtonElement {
  const element = line('button', className, text) as HTMLButtonElement;
  element.type = 'button';
  return element;
}
