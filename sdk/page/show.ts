/** Puts a promotion's words into a slot, as text and never as markup: a bundle's author is not the page's author. */

import type { Creative } from '../api.ts';

/**
 * @param origins besides the page's own, to which a promotion may link
 */
export function show(slot: HTMLElement, creative: Creative, origins: readonly string[]): void {
  const { offsetHeight, style } = slot;
  const url = allowedUrl(creative.url, origins);
  const box = document.createElement(url ? 'a' : 'div');
  if (url) (box as HTMLAnchorElement).href = url;
  box.className = 'promo-edge';
  if (creative.image?.startsWith('data:image/')) {
    const image = document.createElement('img');
    image.alt = '';
    image.src = creative.image;
    box.append(image);
  }
  add(box, 'strong', creative.title);
  add(box, 'span', creative.text);
  add(box, 'em', creative.action);
  add(box, 'small', creative.disclosure);
  slot.replaceChildren(box);
  // The page below must not move: a slot that declared its height keeps the one it has.
  if (slot.hasAttribute('min-height')) {
    style.height = `${offsetHeight}px`;
    style.overflow = 'auto';
  }
}

function add(box: HTMLElement, tag: string, text: string | undefined): void {
  if (!text) return;
  const element = document.createElement(tag);
  element.textContent = text;
  box.append(element, ' ');
}

/** Only http(s), to the page's own origin or one the shop named: no script URLs, no strangers. */
export function allowedUrl(url: string | undefined, origins: readonly string[]): string | undefined {
  if (!url) return undefined;
  try {
    const { href, origin } = new URL(url, location.href);
    // A blob's origin is its page's too.
    return href.startsWith('http') && [location.origin, ...origins].includes(origin) ? href : undefined;
  } catch {
    return undefined;
  }
}
