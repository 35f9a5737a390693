import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import type { Slots } from '../slot.ts';
import { ICONS } from './icons.ts';

/** A panel when the pointer leaves for the address bar: once a visit, and only with something in the basket. */
export class ExitOffer {
  private state: 'waiting' | 'open' | 'done' = 'waiting';

  constructor(
    private readonly app: App,
    private readonly slots: Slots,
  ) {
    document.documentElement.addEventListener('mouseleave', (event) => {
      if (event.clientY > 0 || this.state !== 'waiting' || app.cartLines().length === 0) return;
      if (location.pathname === '/checkout') return;
      this.state = 'open';
      app.store.update({});
    });
  }

  render(): TemplateResult | typeof nothing {
    if (this.state !== 'open') return nothing;
    const close = (): void => {
      this.state = 'done';
      this.app.store.update({});
    };
    return html`
      <aside class="exit" aria-label=${this.app.word('waitTitle')}>
        <button type="button" class="exit-close" aria-label=${this.app.word('close')} @click=${close}>${ICONS.close}</button>
        <h2>${this.app.word('waitTitle')}</h2>
        ${this.slots.element('exit')}
      </aside>
    `;
  }
}
