/** The page's `dataLayer`: what is there already, what is pushed later, and what we push ourselves. */

/** Marks our own entries, which are not read back: a promotion that we announced would count as seen twice. */
const OWN = Symbol.for('promo-edge');

/**
 * Gives every entry, from the first one on. Others may wrap `push` after us: they call ours.
 * @returns how to stop
 */
export function readDataLayer(read: (entry: unknown) => void): () => void {
  const layer = dataLayer();
  let on = true;
  const each = (entry: unknown): void => {
    if (!(entry as { [OWN]?: true } | null)?.[OWN]) read(entry);
  };
  layer.forEach(each);
  const push = layer.push;
  layer.push = function (...entries) {
    const length = push.apply(this, entries);
    if (on) entries.forEach(each);
    return length;
  };
  return () => {
    on = false;
  };
}

export function writeDataLayer(entry: object): void {
  dataLayer().push({ ...entry, [OWN]: true });
}

function dataLayer(): unknown[] {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  return page.dataLayer;
}
