import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';

/** A stepper; its value is read out as it changes. */
export function quantity(
  app: App,
  value: number,
  name: string,
  change: (value: number) => void,
  least = 0,
): TemplateResult {
  return html`
    <div class="quantity" role="group" aria-label="${app.word('quantity')}: ${name}">
      <button type="button" aria-label="−1" ?disabled=${value <= least} @click=${() => change(value - 1)}>−</button>
      <output aria-live="polite">${value}</output>
      <button type="button" aria-label="+1" ?disabled=${value >= 20} @click=${() => change(value + 1)}>+</button>
    </div>
  `;
}
