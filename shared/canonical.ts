/** One text for one JSON value: what is signed and hashed. */

/**
 * Canonical JSON: keys sorted by UTF-16 units, no white space (the rules of RFC 8785 for the values we use).
 * Refuses what JSON cannot carry faithfully, so that two different values never sign alike.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new TypeError(`canonical JSON: expected a finite number, got ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    let text = '';
    // Without a comparison of its own, sort() goes by UTF-16 units.
    for (const key of Object.keys(value).sort()) {
      const item = (value as Record<string, unknown>)[key];
      if (item !== undefined)
        text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`;
    }
    return `{${text}}`;
  }
  throw new TypeError(`canonical JSON: expected JSON, got ${typeof value}`);
}
