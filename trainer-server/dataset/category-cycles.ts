/** Categories that are their own ancestors: paths tell a tree, and a source's table of parents may not be one. */

import type { Product } from '../../shared/product.ts';

/**
 * The first cycle among the parents that the products' paths tell, from a category back to itself: "A > B" of one product
 * and "B > A" of another give [A, B, A]. Undefined where there is none.
 */
export function categoryCycle(products: readonly Pick<Product, 'category'>[]): string[] | undefined {
  const children = new Map<string, Set<string>>();
  for (const { category } of products) {
    category.slice(1).forEach((child, i) => {
      const parent = category[i]!;
      children.set(parent, (children.get(parent) ?? new Set()).add(child));
    });
  }
  const finished = new Set<string>();
  for (const root of children.keys()) {
    const found = walk(root, children, finished);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Depth first, without recursion: a chain of 100,000 categories is bad input too. */
function walk(
  root: string,
  children: ReadonlyMap<string, ReadonlySet<string>>,
  finished: Set<string>,
): string[] | undefined {
  const path: { name: string; left: Iterator<string> }[] = [];
  const on = new Set<string>();
  const enter = (name: string): void => {
    path.push({ name, left: (children.get(name) ?? new Set<string>()).values() });
    on.add(name);
  };
  if (!finished.has(root)) enter(root);
  while (path.length > 0) {
    const { name, left } = path.at(-1)!;
    const { value: child, done } = left.next();
    if (done === true) {
      path.pop();
      on.delete(name);
      finished.add(name);
    } else if (on.has(child)) {
      const names = path.map((one) => one.name);
      return [...names.slice(names.indexOf(child)), child];
    } else if (!finished.has(child)) enter(child);
  }
  return undefined;
}
