/** A page of the shop. */

import type { TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import type { Place } from '../router.ts';
import type { PageSlots } from '../slot.ts';

export interface PageView {
  /** For the window and for screen readers. */
  title: string;
  /** No page, product or category is at the address. */
  missing?: true;
  render(): TemplateResult;
  /** Called once when the shopper arrives, for what GA4 calls a view. */
  arrived?(): void;
  /** Called when the shopper leaves. */
  left?(): void;
}

export type Page = (app: App, place: Place, slots: PageSlots) => PageView | undefined;
