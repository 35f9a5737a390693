import { html, type TemplateResult } from 'lit-html';

const icon = (path: string): TemplateResult => html`
  <svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d=${path} /></svg>
`;

export const ICONS = {
  search: icon('M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21'),
  heart: icon('M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.4 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z'),
  basket: icon(
    'M4 9h16l-1.6 10.2a1 1 0 0 1-1 .8H6.6a1 1 0 0 1-1-.8zM8 9l3-5M16 9l-3-5M9.5 13v3.5M14.5 13v3.5',
  ),
  box: icon('M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8'),
  moon: icon('M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z'),
  close: icon('M6 6l12 12M18 6L6 18'),
  arrow: icon('M5 12h14M13 6l6 6-6 6'),
} as const;
