/** The rows of an ablation: all parts, all but each, each alone. */
export function eachAndWithout<Part extends string>(
  parts: readonly Part[],
  tell: (name: string, kept: readonly Part[]) => void,
): void {
  tell('all', parts);
  for (const part of parts)
    tell(
      `without ${part}`,
      parts.filter((other) => other !== part),
    );
  for (const part of parts) tell(`${part} alone`, [part]);
}
