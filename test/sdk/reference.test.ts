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
