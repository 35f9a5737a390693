import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../demo-shop/catalogue/catalogue.ts';
import { picture } from '../../../demo-shop/catalogue/pictures/picture.ts';
import { EMPTY, LANE, LOGO } from '../../../demo-shop/catalogue/pictures/scenes.ts';

const pictures = catalogue().map((product) => ({ product, svg: picture(product) }));

/** Tags that open and close in order: what an XML parser asks of a document without text, entities or comments. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  const tags = [...svg.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/g)];
  if (tags.map((tag) => tag[0]).join('') !== svg) return false;
  for (const [, closes, name, , alone] of tags) {
    if (closes) {
      if (open.pop() !== name) return false;
    } else if (!alone) open.push(name!);
  }
  return open.length === 0;
}

describe('pictures', () => {
  it('are well-formed SVG, every number finite', () => {
    expect(wellFormed('<svg><g></svg></g>')).toBe(false);
    for (const svg of [...pictures.map((drawn) => drawn.svg), LOGO, EMPTY, LANE]) {
      expect(wellFormed(svg)).toBe(true);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('differ from product to product', () => {
    const seen = new Map<string, string>();
    const twins = pictures.flatMap(({ product, svg }) => {
      const twin = seen.get(svg);
      seen.set(svg, product.sku);
      return twin === undefined ? [] : [`${twin} = ${product.sku}`];
    });
    expect(twins).toEqual([]);
  });

  it('show another thing for every family', () => {
    // With colours and numbers taken away, what is left is the kind of strokes that were made.
    const outline = (svg: string): string => svg.replace(/#[0-9a-f]{6}/g, '').replace(/-?[\d.]+/g, '0');
    const byShape = new Map<string, Set<string>>();
    for (const { product, svg } of pictures) {
      const held = byShape.get(product.shape) ?? new Set();
      byShape.set(product.shape, held.add(outline(svg)));
    }
    const shapes = [...byShape];
    for (const [i, [name, outlines]] of shapes.entries()) {
      for (const [other, others] of shapes.slice(i + 1))
        expect(
          [...outlines].filter((one) => others.has(one)),
          `${name} like ${other}`,
        ).toEqual([]);
    }
  });

  it('stay small', () => {
    expect(Math.max(...pictures.map(({ svg }) => svg.length))).toBeLessThan(9000);
  });
});
