/** Numbers as text and as bars. */

import { html, svg, type TemplateResult } from 'lit-html';
import type { Stretch } from './device.ts';

/** Three figures, whatever the unit; what is rounded to nothing has no sign. */
export const figure = (value: number): string => {
  const text = value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
  return Number(text) === 0 ? text.replace('-', '') : text;
};

export const stretch = ({ value, from, width }: Omit<Stretch, 'label'>): TemplateResult => html`
  <svg viewBox="0 0 100 8" width="100" height="8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class=${value < 0 ? 'loss' : 'gain'} x=${from * 100} y="0" width=${Math.max(0.8, width * 100)} height="8" rx="1" />`}
  </svg>
`;

export const stretchRow = (label: string, bar: Stretch, text = figure(bar.value)): TemplateResult => html`
  <tr>
    <th scope="row">${label}</th>
    <td>${text}</td>
    <td>${stretch(bar)}</td>
  </tr>
`;
