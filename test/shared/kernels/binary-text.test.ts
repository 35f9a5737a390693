import { expect, it } from 'vitest';
import { bytesOf, textOf } from '../../../shared/kernels/binary-text.ts';

it('keeps every byte of a binary that is held as text', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(bytesOf(textOf(all))).toEqual(all);
});

it('has no character that source text must escape for being a control', () => {
  expect(textOf(Uint8Array.of(0, 7, 8, 11, 13, 27, 255))).toMatch(/^[^\p{Cc}]*$/u);
});
