/** The stylesheet within the page: on a slow line a second answer would come long after the first, and nothing is drawn before it. */

import { policySource } from './policy-source.ts';

const LINK = /<link rel="stylesheet"[^>]* href="(\/[^"]+)">/;

/**
 * @param page the built `index.html`
 * @param read the text of a built file, by its address
 * @returns the page, and its style as `style-src` names it; where that cannot be had, the page with its link
 */
export async function withStyle(
  page: string,
  read: (address: string) => Promise<string>,
): Promise<{ page: string; source?: string }> {
  const [link, address] = LINK.exec(page) ?? [];
  const style = address && (await read(address).catch(() => undefined));
  // Nothing of ours says so, but a style that ended the element would go on as mark-up.
  if (!link || !style || style.includes('</')) return { page };
  return { page: page.replace(link, () => `<style>${style}</style>`), source: policySource(style) };
}
