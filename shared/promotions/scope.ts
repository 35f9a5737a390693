/** Which products a promotion is about. */

import type { ProductFacts } from '../features/sequence.ts';
import type { Promotion, Scope } from '../promotion.ts';

/**
 * Whether a product is in scope. Every field that is present must agree; a category matches any segment of the
 * product's path, whatever the case. A product we know nothing of is in scope only by its sku, or where there is
 * no scope at all.
 */
export function inScope(
  scope: Scope | undefined,
  sku: string,
  facts: Pick<ProductFacts, 'category' | 'brand'> | undefined,
): boolean {
  if (scope === undefined) return true;
  if (scope.skus !== undefined && !scope.skus.includes(sku)) return false;
  if (scope.category !== undefined) {
    const wanted = scope.category.toLowerCase();
    if (!facts?.category.some((segment) => segment.toLowerCase() === wanted)) return false;
  }
  if (scope.brand !== undefined && facts?.brand?.toLowerCase() !== scope.brand.toLowerCase()) return false;
  return true;
}

/** The scope as declared, else the products that the terms themselves name. */
export function scopeOf({ scope, terms }: Pick<Promotion, 'scope' | 'terms'>): Scope | undefined {
  return scope ?? (terms.type === 'bundle' ? { skus: terms.skus } : undefined);
}
