/** What shop.json leaves open, read off the log. */

import type { LoggedDecision } from '../../shared/decision.ts';
import type { AttributeKind, Shop } from '../../shared/shop.ts';

/** Completes `shop` with slots and attributes that were not `given`, and says so in `notes`. */
export function inferShop(
  shop: Shop,
  given: Partial<Shop>,
  decisions: readonly LoggedDecision[],
  notes: string[],
): void {
  if (given.slots === undefined) {
    shop.slots = [...new Set(decisions.flatMap((decision) => decision.slot ?? []))].sort();
  }
  if (given.attributes !== undefined) return;
  shop.attributes = inferAttributes(decisions, shop.sensitive);
  const names = Object.entries(shop.attributes).map(([name, kind]) => `${name} (${kind})`);
  if (names.length > 0) notes.push(`attributes inferred: ${names.join(', ')}`);
}

/** An attribute is what its values are; text that always reads as a number is still a category. */
function inferAttributes(
  decisions: readonly LoggedDecision[],
  sensitive: readonly string[] = [],
): Record<string, AttributeKind> {
  const kinds: Record<string, AttributeKind> = {};
  for (const decision of decisions) {
    for (const [name, value] of Object.entries(decision.attributes ?? {})) {
      if (sensitive.includes(name)) continue;
      const kind = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'category';
      kinds[name] = kinds[name] === undefined || kinds[name] === kind ? kind : 'category';
    }
  }
  return kinds;
}
