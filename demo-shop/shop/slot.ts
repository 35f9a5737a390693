/**
 * `<promo-slot>` elements as the shop renders them. The SDK fills a slot once, when it enters the page; the shop keeps
 * the element while its page stays, draws the promotion in its own hand, and lets the shopper take it.
 */

import type { SlotDecision } from '../../sdk/index.ts';
import { disclosureText } from '../../trainer-server/client/till.ts';
import type { App } from './app.ts';
import type { ShopPromotion } from './catalogue.ts';
import { needsCode } from './claims.ts';
import { elementOf, fallbackText, offerBox, roomFor } from './offer-box.ts';
import { promoEdge } from './promo-edge.ts';
import type { Word } from './words.ts';

export const SLOTS = ['home', 'category', 'product', 'cart', 'search', 'exit'] as const;
export type SlotName = (typeof SLOTS)[number];

/** The shop's own words in a slot, until something is decided. */
export const FALLBACK: Record<SlotName, Word> = {
  home: 'fallbackHome',
  category: 'fallbackCategory',
  product: 'fallbackProduct',
  cart: 'fallbackCart',
  search: 'fallbackSearch',
  exit: 'fallbackHome',
};

/** What pages need of them. */
export interface PageSlots {
  /** What stands in the slot's place. */
  element(name: SlotName): unknown;
  /** What the slot shows, where it shows a promotion. */
  promotion(name: SlotName): string | undefined;
}

interface Held {
  element: HTMLElement;
  /** The promotion on show; undefined while the fallback stands. */
  promotion?: string | undefined;
  /** Id of the text that the law wants beside it. */
  disclosure?: string | undefined;
  /** What is drawn: drawing the same again would take the focus from its button. */
  drawn?: string;
}

export class Slots implements PageSlots {
  private held = new Map<string, Held>();

  constructor(private readonly app: App) {
    // The SDK offers its decision before it draws it; the shop draws for itself.
    document.addEventListener('promo-edge:decision', (event) => {
      const slot = [...this.held.values()].find((candidate) => candidate.element === event.target);
      if (slot === undefined) return;
      const { action, reasons } = (event as CustomEvent<SlotDecision>).detail;
      // A draft, which the shop has no words for: the SDK shows what the draft says.
      if (action !== 'none' && this.app.catalogue.promotion(action) === undefined) return;
      event.preventDefault();
      slot.promotion = action;
      const personal = reasons.find(({ code }) => code === 'personalised-price');
      slot.disclosure = personal?.detail?.text as string | undefined;
      this.draw(slot);
      // What else the page says may rest on it.
      this.app.store.update({});
    });
  }

  /** A new page: its slots are decided anew. The exit panel belongs to no page. */
  turnPage(): void {
    this.held = new Map([...this.held].filter(([name]) => name === 'exit'));
  }

  /** The slot's element, the same one until the page is turned. */
  element(name: SlotName): HTMLElement {
    const held = this.held.get(name) ?? { element: this.create(name) };
    this.held.set(name, held);
    this.draw(held);
    return held.element;
  }

  /** What the slot shows, where it shows a promotion. */
  promotion(name: SlotName): string | undefined {
    const id = this.held.get(name)?.promotion;
    return id === 'none' ? undefined : id;
  }

  private create(name: SlotName): HTMLElement {
    const element = document.createElement('promo-slot');
    element.setAttribute('name', name);
    element.className = `slot slot-${name}`;
    // The SDK makes a block of a slot that says nothing else about itself.
    element.style.display = 'grid';
    return element;
  }

  private draw(slot: Held): void {
    const { element, promotion: id } = slot;
    const { language, catalogue } = this.app;
    const promotion = id === undefined ? undefined : catalogue.promotion(id);
    const drawn = `${language} ${promotion?.id} ${this.app.state.offers.includes(promotion?.id ?? '')}`;
    if (slot.drawn === drawn) return;
    slot.drawn = drawn;
    const fallback = FALLBACK[element.getAttribute('name') as SlotName];
    const shown = promotion ? this.offer(slot, promotion) : elementOf(fallbackText(this.app.word(fallback)));
    element.replaceChildren(shown, roomFor(catalogue.promotions, language));
  }

  private offer(slot: Held, promotion: ShopPromotion): HTMLElement {
    const { language } = this.app;
    const disclosure = slot.disclosure && disclosureText(slot.disclosure, language);
    const { box, take, refuse } = offerBox(promotion, language, disclosure || undefined);
    const taken = this.app.state.offers.includes(promotion.id);
    if (take !== undefined) this.mayBeTaken(slot, promotion, take, taken);
    if (taken) refuse.remove();
    else this.mayBeRefused(slot, promotion, refuse);
    return box;
  }

  private mayBeTaken(slot: Held, promotion: ShopPromotion, button: HTMLButtonElement, taken: boolean): void {
    if (taken) button.textContent = this.app.word('taken');
    button.disabled = taken;
    button.addEventListener('click', () => {
      button.disabled = true;
      if (needsCode(promotion)) button.textContent = this.app.word('claiming');
      void this.app.takeOffer(promotion.id).then(() => {
        // A coupon that could not be had may be asked for again.
        delete slot.drawn;
        this.draw(slot);
      });
    });
  }

  /** Said once, a promotion is not shown again: a mask for every later decision on this device. */
  private mayBeRefused(slot: Held, { id }: ShopPromotion, button: HTMLButtonElement): void {
    button.addEventListener('click', (event) => {
      // It is no click on the promotion.
      event.stopPropagation();
      promoEdge((edge) => edge.dismiss(id));
      slot.promotion = undefined;
      this.draw(slot);
      this.app.say(this.app.word('wontShow'));
    });
  }
}
