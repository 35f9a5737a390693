import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { currentReference, REFERENCE, reference } from '../../sdk/write-reference.ts';

describe('the SDK’s reference', () => {
  it('says what the types say: run `npx tsx sdk/write-reference.ts` where it does not', async () => {
    expect(await readFile(REFERENCE, 'utf8')).toBe(await currentReference());
  });

  it('takes a declaration’s members with their comments, and lists of one line as they stand', () => {
    const source = `/** A thing. */
export interface Thing extends Omit<Other, 'x'> {
  /** How many,
   * at most. */
  count?: number;
  act(
    one: string,
  ): void;
}

/** Its state. */
export type State = 'a' | 'b';
`;
    const text = reference(source);
    expect(text).toContain(
      "## Thing\n\nBeside what `Omit<Other, 'x'>` has:\n\nA thing.\n\n- `count?: number`: How many, at most.\n",
    );
    expect(text).toContain('- `act( one: string, ): void`\n');
    expect(text).toContain("## State\n\n`State = 'a' | 'b'`\n\nIts state.\n");
  });

  it('leaves no type of ours unsaid that a call gives or takes, but what a manifest holds', async () => {
    const text = await currentReference();
    const said = new Set([...text.matchAll(/^## (\w+)$/gm)].map(([, name]) => name));
    const signatures = [...text.matchAll(/^- `(.*?)`(?::|$)/gm)].map(([, signature]) => signature!).join(' ');
    const named = [...signatures.matchAll(/\b[A-Z][a-z]\w+\b/g)].map(([name]) => name);
    const builtIn = new Set(['Promise', 'Partial', 'Record', 'Omit', 'Infinity']);
    // A promotion's own terms are the trainer's to document; the codes of the other two stand in the texts.
    const elsewhere = new Set(['PublicPromotion', 'Fact', 'CrossReason']);
    expect(
      [...new Set(named)].filter((name) => !said.has(name) && !builtIn.has(name) && !elsewhere.has(name)),
    ).toEqual([]);
  });

  it('misses none of the calls', async () => {
    const text = await currentReference();
    for (const call of [
      'decideAll',
      'claim',
      'dismiss',
      'privacyLedger',
      'requests',
      'forget',
      'destroy',
      'push',
    ])
      expect(text).toContain(`- \`${call}(`);
  });
});
