/** Shapes, their arithmetic, and the error every shape rule throws. */

/** A length known when the graph is built, or the name of one known when it runs ('batch', or a product 'batch*time'). */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Operands that do not fit. The message names the operation and every shape involved. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Numpy broadcasting: aligned at the right, lengths equal or 1. @throws ShapeError */
export function broadcast(operation: string, ...shapes: Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1).filter((dim) => dim !== 1);
    if (dims.some((dim) => dim !== dims[0])) {
      throw new ShapeError(
        `${operation}: expected shapes that broadcast (equal or 1, from the right), got ${shapes.map(showShape).join(' and ')}`,
      );
    }
    return dims[0] ?? 1;
  });
}

/** The axis as a number from 0. @throws ShapeError where the shape has no such axis */
export function axisOf(operation: string, shape: Shape, axis: number): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length) {
    throw new ShapeError(
      `${operation}: expected an axis of ${showShape(shape)} (${-shape.length} to ${shape.length - 1}), got ${axis}`,
    );
  }
  return at;
}

/** A length that must be known when the graph is built. @throws ShapeError for a named one */
export function fixed(operation: string, dim: Dim | undefined): number {
  if (typeof dim !== 'number') {
    throw new ShapeError(`${operation}: expected a length known when the graph is built, got '${dim}'`);
  }
  return dim;
}

/** Values in a tensor of this shape, all of whose lengths must be known. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((n, dim) => n * fixed('size', dim), 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

interface Product {
  factor: number;
  /** Names, sorted, with repetition. */
  names: string[];
}

/** The product of lengths, as a number times names. */
export function productOf(dims: Shape): Product {
  const product: Product = { factor: 1, names: [] };
  for (const dim of dims) {
    for (const part of String(dim).split('*')) {
      if (/^\d+$/.test(part)) product.factor *= Number(part);
      else product.names.push(part);
    }
  }
  product.names.sort();
  return product;
}

/** `whole` / `part` as one length, or undefined where it does not divide. */
export function quotientOf(whole: Shape, part: Shape): Dim | undefined {
  const a = productOf(whole);
  const b = productOf(part);
  const left = [...a.names];
  for (const name of b.names) {
    const at = left.indexOf(name);
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  const factor = b.factor === 0 ? (a.factor === 0 ? 0 : Number.NaN) : a.factor / b.factor;
  if (!Number.isInteger(factor)) return undefined;
  if (left.length === 0) return factor;
  return [...(factor === 1 ? [] : [String(factor)]), ...left].join('*');
}
