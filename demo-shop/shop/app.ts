/** What every page is given: the catalogue, the state, the words, and the acts a shopper can take. */

import type { PricedCart } from '../../trainer-server/client/till.ts';
import { type BasketLine, priceBasket } from '../cart/price.ts';
import type { Catalogue, Language, ShopProduct } from './catalogue.ts';
import { claim, needsCode, refusalWord, visitName } from './claims.ts';
import type { Order, State, Store } from './state.ts';
import { placeOrder, returnOrder } from './till.ts';
import { amountOf, itemOf, push } from './tracking.ts';
import { type Word, word } from './words.ts';

export class App {
  /** What the live region says; changes are read out. */
  announcement = '';
  /** Whether it is shown too. */
  saying = false;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly catalogue: Catalogue,
    readonly store: Store,
    readonly go: (path: string) => void,
    readonly now: () => number,
  ) {}

  get state(): State {
    return this.store.state;
  }

  get language(): Language {
    return this.state.language;
  }

  word(key: Word, fill?: Record<string, string | number>): string {
    return word(key, this.language, fill);
  }

  /** A number never stands on another line than its unit. */
  title(product: ShopProduct): string {
    return product.title[this.language === 'zh' ? 1 : 0].replace(/([\d×]) (?=\S)/g, '$1\u00a0');
  }

  money(minor: number): string {
    const format = new Intl.NumberFormat(this.language === 'zh' ? 'zh-CN' : 'en-IE', {
      style: 'currency',
      currency: 'EUR',
    });
    // A minus, which stands as high as the figures, and a joiner: no line ends between it and the amount.
    return format.format(minor / 100).replace('-', '\u2212\u2060');
  }

  /** For eyes and ears, for a while. */
  say(text: string): void {
    clearTimeout(this.silence);
    this.announcement = text;
    this.saying = true;
    this.silence = setTimeout(() => {
      this.hush('');
      this.store.update({});
    }, SAID_MS);
    this.store.update({});
  }

  /** For ears alone, with what is drawn next. */
  hush(text: string): void {
    clearTimeout(this.silence);
    this.announcement = text;
    this.saying = false;
  }

  cartLines(): (BasketLine & { product: ShopProduct })[] {
    return this.state.cart.flatMap(({ sku, quantity }) => {
      const product = this.catalogue.product(sku);
      if (product === undefined) return [];
      const { price, category, brand } = product;
      return [{ sku, quantity, price, category, brand, product }];
    });
  }

  /** The basket under the offers that the shopper took. */
  priced(): PricedCart {
    const offers = this.state.offers.flatMap((id) => this.catalogue.promotion(id) ?? []);
    return priceBasket(this.cartLines(), offers, this.now());
  }

  /** Products at one price, under the offers that the shopper took and, where given, one more. Minor units. */
  together(products: readonly ShopProduct[], offer?: string): { price: number; apart: number } {
    const offers = [...new Set([...this.state.offers, ...(offer === undefined ? [] : [offer])])];
    const { lines } = priceBasket(
      products.map(({ sku, price, category, brand }) => ({ sku, price, category, brand, quantity: 1 })),
      offers.flatMap((id) => this.catalogue.promotion(id) ?? []),
      this.now(),
    );
    const sum = (of: 'net' | 'gross'): number => lines.reduce((total, line) => total + line[of], 0);
    return { price: sum('net'), apart: sum('gross') };
  }

  /** Puts a set into the basket, with the offer that makes its price. */
  addTogether(products: readonly ShopProduct[], offer: string | undefined): void {
    for (const product of products) this.add(product);
    this.say(this.word('addedTogether'));
    if (offer !== undefined) void this.takeOffer(offer);
  }

  add(product: ShopProduct, quantity = 1): void {
    const { cart } = this.state;
    const held = cart.find((line) => line.sku === product.sku);
    const next =
      held === undefined
        ? [...cart, { sku: product.sku, quantity }]
        : cart.map((line) => (line === held ? { ...line, quantity: line.quantity + quantity } : line));
    this.store.update({ cart: next });
    push('add_to_cart', {
      currency: 'EUR',
      value: (product.price * quantity) / 100,
      items: [itemOf(product, quantity)],
    });
    this.say(`${this.title(product)} ${this.word('added')}`);
  }

  /** Sets a line's quantity; 0 removes it. */
  setQuantity(product: ShopProduct, quantity: number): void {
    const held = this.state.cart.find((line) => line.sku === product.sku)?.quantity ?? 0;
    const change = quantity - held;
    if (change === 0) return;
    this.store.update({
      cart: this.state.cart
        .map((line) => (line.sku === product.sku ? { ...line, quantity } : line))
        .filter((line) => line.quantity > 0),
    });
    push(change > 0 ? 'add_to_cart' : 'remove_from_cart', {
      currency: 'EUR',
      value: (product.price * Math.abs(change)) / 100,
      items: [itemOf(product, Math.abs(change))],
    });
  }

  toggleWish(product: ShopProduct): void {
    const wished = this.state.wishes.includes(product.sku);
    const others = this.state.wishes.filter((sku) => sku !== product.sku);
    this.store.update({ wishes: wished ? others : [product.sku, ...others] });
    if (!wished)
      push('add_to_wishlist', { currency: 'EUR', value: product.price / 100, items: [itemOf(product)] });
  }

  rate(product: ShopProduct, rating: number): void {
    this.store.update({ ratings: { ...this.state.ratings, [product.sku]: rating } });
    push('rate', { items: [itemOf(product)], rating });
    this.say(this.word('rated'));
  }

  /** A coupon is claimed first; where it cannot be had, that is said. */
  async takeOffer(id: string): Promise<void> {
    const promotion = this.catalogue.promotion(id);
    if (promotion === undefined || this.state.offers.includes(id)) return;
    if (needsCode(promotion) && this.state.claims[id] === undefined) {
      const claimed = await claim(id);
      if ('refused' in claimed) return this.say(this.word(refusalWord(claimed.refused)));
      this.store.update({ claims: { ...this.state.claims, [id]: claimed } });
    }
    // Two clicks may have waited for the same claim.
    if (!this.state.offers.includes(id)) this.store.update({ offers: [...this.state.offers, id] });
  }

  /** A claimed code stays the shopper's: taking the offer again uses it. */
  dropOffer(id: string): void {
    this.store.update({ offers: this.state.offers.filter((held) => held !== id) });
  }

  beginCheckout(): void {
    const lines = this.cartLines();
    push('begin_checkout', {
      currency: 'EUR',
      value: amountOf(lines),
      items: lines.map((line) => itemOf(line.product, line.quantity)),
    });
    this.go('/checkout');
  }

  /** Turns the basket into an order: the till prices it, this device notes it. @returns its id, where it was placed */
  async placeOrder(): Promise<string | undefined> {
    const priced = this.priced();
    const at = this.now();
    const id = orderName(at);
    const used = priced.applied.map(({ promotion }) => promotion);
    const sid = await visitName();
    const answer = await placeOrder({
      ...(sid === undefined ? {} : { sid }),
      order: id,
      lines: this.state.cart,
      codes: used.flatMap((offer) => this.state.claims[offer]?.code ?? []),
      offers: used.filter((offer) => this.state.claims[offer] === undefined),
    });
    if ('refused' in answer && answer.refused !== 'no-till') {
      this.giveUpCodes(used, answer.refused);
      return undefined;
    }
    const order: Order = {
      id,
      at,
      lines: this.cartLines().map((line, i) => ({
        sku: line.sku,
        quantity: line.quantity,
        price: line.price,
        paid: priced.lines[i]!.net,
      })),
      gifts: giftsOf(priced),
      offers: used,
      delivery: priced.shipping.net,
      total: 'total' in answer ? answer.total : priced.total,
      refunded: false,
    };
    push('purchase', this.ecommerceOf(order));
    const { orders, claims } = this.state;
    const left = Object.fromEntries(Object.entries(claims).filter(([offer]) => !used.includes(offer)));
    this.store.update({ cart: [], offers: [], claims: left, orders: [order, ...orders] });
    return order.id;
  }

  /** The till refused: a code that is no good is not tried again, and why is said. */
  private giveUpCodes(used: readonly string[], refused: string): void {
    if (refused === 'unavailable') {
      this.say(this.word('orderLater'));
      return;
    }
    const { claims, offers } = this.state;
    const bad = used.filter((offer) => claims[offer] !== undefined);
    this.store.update({
      claims: Object.fromEntries(Object.entries(claims).filter(([offer]) => !bad.includes(offer))),
      offers: offers.filter((offer) => !bad.includes(offer)),
    });
    this.say(this.word(refusalWord(refused)));
  }

  async refund(order: Order): Promise<void> {
    if (!(await returnOrder(order.id))) return this.say(this.word('returnLater'));
    push('refund', this.ecommerceOf(order));
    this.store.update({
      orders: this.state.orders.map((held) => (held.id === order.id ? { ...held, refunded: true } : held)),
    });
  }

  private ecommerceOf(order: Order): Record<string, unknown> {
    return {
      transaction_id: order.id,
      currency: 'EUR',
      value: order.total / 100,
      shipping: order.delivery / 100,
      ...(order.offers.length === 0 ? {} : { promotion_id: order.offers[0] }),
      items: order.lines.flatMap((line) => {
        const product = this.catalogue.product(line.sku);
        // GA4 wants the price after discounts, per unit.
        const price = Math.round(line.paid / line.quantity) / 100;
        return product === undefined ? [] : [{ ...itemOf(product, line.quantity), price }];
      }),
    };
  }
}

/** As long as it takes to read two lines. */
const SAID_MS = 6000;

/** Orders of one millisecond are different orders. */
const orderName = (at: number): string =>
  `LL-${at.toString(36)}-${crypto.getRandomValues(new Uint16Array(1))[0]!.toString(36)}`.toUpperCase();

/** Skus of what is given along. */
export const giftsOf = ({ applied }: PricedCart): string[] =>
  applied.flatMap(({ gifts = [] }) => gifts.map(({ sku }) => sku));
