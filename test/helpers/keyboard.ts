/** A page as who has no mouse goes through it. */

import type { Page } from 'playwright-core';

/** Presses Tab until something that `selector` names has the focus. @throws where it is out of reach */
export async function tabTo(page: Page, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let i = 0; i < 120; i++) {
    if (await page.evaluate((target) => document.activeElement?.matches(target), selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`expected ${key} to reach ${selector}`);
}

/**
 * Runs in the page. @returns what is wrong with how it shows the element that has the focus; undefined where nothing is.
 * A ring is wanted, whole inside the window and every box that cuts off, under nothing, and of three times the light of
 * what is around it or a third (WCAG 2.2, 1.4.11 and 2.4.11).
 */
export function focusFault(): string | undefined {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return 'nothing has the focus';
  const name = `${focused.tagName}.${focused.className} ${focused.textContent?.trim().slice(0, 30)}`;
  // A field's ring may be its frame's.
  const ringed = [focused, ...['.search', 'label'].flatMap((frame) => focused.closest(frame) ?? [])].find(
    (element) => getComputedStyle(element).outlineStyle !== 'none',
  );
  if (ringed === undefined) return `no ring: ${name}`;
  const { outlineWidth, outlineOffset, outlineColor } = getComputedStyle(ringed);
  if (Number.parseFloat(outlineWidth) < 2) return `ring of ${outlineWidth}: ${name}`;
  const reach = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
  const { left, top, right, bottom } = ringed.getBoundingClientRect();
  const ancestors: Element[] = [];
  for (let up = ringed.parentElement; up !== null; up = up.parentElement) ancestors.push(up);
  const boxes = ancestors
    .filter((element) => element !== document.body && element !== document.documentElement)
    .filter((element) => getComputedStyle(element).overflow !== 'visible')
    .map((element) => element.getBoundingClientRect());
  // Half a pixel is a matter of rounding.
  const cut = [...boxes, new DOMRect(0, 0, innerWidth, innerHeight)].some(
    (box) =>
      left - reach < box.left - 0.5 ||
      top - reach < box.top - 0.5 ||
      right + reach > box.right + 0.5 ||
      bottom + reach > box.bottom + 0.5,
  );
  // What fills the window may reach over its edges.
  if (cut && bottom - top + 2 * reach < innerHeight) return `ring cut off: ${name}`;
  const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (middle !== null && !ringed.contains(middle) && !middle.contains(ringed))
    return `under ${middle.className}: ${name}`;
  const [light, around] = [outlineColor, groundOf(reach > 0 ? ancestors : [ringed, ...ancestors])].map(
    luminance,
  ) as [number, number];
  const contrast = (Math.max(light, around) + 0.05) / (Math.min(light, around) + 0.05);
  return contrast < 3 ? `ring of contrast ${contrast.toFixed(1)}: ${name}` : undefined;

  function groundOf(elements: readonly Element[]): string {
    const grounds = elements.map((element) => getComputedStyle(element).backgroundColor);
    return grounds.find((colour) => /^rgb\(/.test(colour)) ?? 'rgb(255, 255, 255)';
  }

  /** Relative, of `rgb(r, g, b)`. */
  function luminance(colour: string): number {
    const [r, g, b] = colour.match(/[\d.]+/g)!.map((channel) => {
      const share = Number(channel) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
}
