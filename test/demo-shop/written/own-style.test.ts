import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withStyle } from '../../../demo-shop/written/own-style.ts';

// As Vite writes it.
const PAGE =
  '<head><link rel="icon" href="/i.svg" /><link rel="stylesheet" crossorigin href="/assets/index-a1.css"></head>';
const STYLE = 'a{content:"$&"}';
const reads = (style: string) => (address: string) =>
  address === '/assets/index-a1.css'
    ? Promise.resolve(style)
    : Promise.reject(new Error(`expected the stylesheet’s address, got ${address}`));

describe('a page with its stylesheet', () => {
  it('has the very text, where its link was, and names it for the policy by its hash', async () => {
    const { page, source } = await withStyle(PAGE, reads(STYLE));
    expect(page).toBe(`<head><link rel="icon" href="/i.svg" /><style>${STYLE}</style></head>`);
    expect(source).toBe(`'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`);
  });

  it('keeps its link where the file is gone, or would end the element', async () => {
    expect(await withStyle(PAGE, () => Promise.reject(new Error('ENOENT')))).toEqual({ page: PAGE });
    expect(await withStyle(PAGE, reads('a{content:"</style><script>"}'))).toEqual({ page: PAGE });
    expect(await withStyle('<head></head>', reads(STYLE))).toEqual({ page: '<head></head>' });
  });
});
