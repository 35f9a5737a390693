/** What the shop remembers in this browser, kept in localStorage where that is allowed. */

import type { Language } from './catalogue.ts';
import type { Claimed } from './claims.ts';

export interface OrderLine {
  sku: string;
  quantity: number;
  /** Of one unit before offers, minor units. */
  price: number;
  /** Of the line after offers, minor units. */
  paid: number;
}

export interface Order {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  lines: OrderLine[];
  gifts: string[];
  offers: string[];
  delivery: number;
  total: number;
  refunded: boolean;
}

export interface State {
  language: Language;
  theme: 'auto' | 'light' | 'dark';
  cart: { sku: string; quantity: number }[];
  wishes: string[];
  ratings: Record<string, number>;
  orders: Order[];
  /** Ids of the promotions the shopper took. */
  offers: string[];
  /** Of the coupons among them, by promotion. */
  claims: Record<string, Claimed>;
  /** Whether the note on privacy has been answered. */
  consented: boolean;
  /** May offers be chosen from what is done here, on this device. */
  personalization: boolean;
  /** May decisions and what followed be sent to the shop. */
  measurement: boolean;
  /** May one randomized bit a week be sent. */
  reports: boolean;
}

const KEY = 'lantern-lane';

const FRESH: State = {
  language: 'en',
  theme: 'auto',
  cart: [],
  wishes: [],
  ratings: {},
  orders: [],
  offers: [],
  claims: {},
  consented: false,
  personalization: true,
  measurement: false,
  reports: false,
};

export class Store {
  state: State;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined,
    languages: readonly string[],
  ) {
    const language = languages[0]?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
    this.state = { ...FRESH, language, ...this.read() };
  }

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.state));
    } catch {
      // Full or forbidden: the shop then remembers for this page only.
    }
    for (const listener of this.listeners) listener();
  }

  /** Nothing is remembered here any more; what the page shows stays until it is left. */
  erase(): void {
    try {
      this.storage?.removeItem(KEY);
    } catch {
      // Forbidden: then nothing was ever written.
    }
  }

  /** @returns how to stop */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Takes up what another tab wrote. */
  refresh(): void {
    this.state = { ...this.state, ...this.read() };
    for (const listener of this.listeners) listener();
  }

  private read(): Partial<State> {
    try {
      return JSON.parse(this.storage?.getItem(KEY) ?? '{}') as Partial<State>;
    } catch {
      return {};
    }
  }
}

/** localStorage, or nothing where even touching it throws. */
export function browserStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
