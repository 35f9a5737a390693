/** Matrix products, batched and broadcast, of operands as they are or transposed. */

import { type Graph, operation, type Value } from '../graph.ts';
import { broadcast, type Dim, type Shape, ShapeError, showShape, sizeOf } from '../shape.ts';
import { add, mul } from './arithmetic.ts';
import { unbroadcast } from './reduce.ts';
import { reshape, transpose } from './shape.ts';

interface Form {
  transposeA?: boolean;
  transposeB?: boolean;
  /** Factor of the product, free in the fused forms: 1/sqrt(width) of attention. */
  scale?: number;
}

/**
 * a [..., m, k] times b [..., k, n] gives [..., m, n]; leading axes broadcast. With `transposeA` a is [..., k, m], with
 * `transposeB` b is [..., n, k].
 * @throws ShapeError where the inner lengths differ
 */
export function matmul(a: Value, b: Value, form: Form = {}): Value {
  const { transposeA = false, transposeB = false, scale = 1 } = form;
  const [m, inner] = matrix(a, transposeA, b);
  const [inner2, n] = matrix(b, transposeB, a);
  if (inner !== inner2) {
    const mark = (value: Value, transposed: boolean): string =>
      `${showShape(value.shape)}${transposed ? ' transposed' : ''}`;
    throw new ShapeError(
      `matmul: expected equal inner lengths, got ${mark(a, transposeA)} and ${mark(b, transposeB)}`,
    );
  }
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    const flat = matmul(reshape(a, [-1, inner]), b, form);
    return reshape(flat, [...a.shape.slice(0, -1), n]);
  }
  const batch = broadcast('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const build = (): Value => product(a, b, { transposeA, transposeB, scale }, [...batch, m, n]);
  return a.graph.composed([a, b], build, (d) => {
    const da = transposeA
      ? matmul(b, d, { transposeA: transposeB, transposeB: true, scale })
      : matmul(d, b, { transposeB: !transposeB, scale });
    const db = transposeB
      ? matmul(d, a, { transposeA: true, transposeB: transposeA, scale })
      : matmul(a, d, { transposeA: !transposeA, scale });
    return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)];
  });
}

/**
 * x [..., in] times w [in, out] plus bias [out].
 *
 * Of known shape it is one Gemm over all rows, which adds the bias while the product is in cache; of open shape, a
 * product and a sum, since flattening would need its lengths at run time.
 */
export function linear(x: Value, w: Value, bias: Value): Value {
  const [inner, out] = w.shape;
  if (w.shape.length !== 2 || bias.shape.length !== 1 || x.shape.at(-1) !== inner || bias.shape[0] !== out) {
    throw new ShapeError(
      `linear: expected [..., in], [in, out] and [out], got ${[x, w, bias].map((value) => showShape(value.shape)).join(', ')}`,
    );
  }
  if (x.shape.some((dim) => typeof dim === 'string') || x.shape.length < 2) return add(matmul(x, w), bias);
  const rows = reshape(x, [-1, inner!]);
  const shape = [rows.shape[0]!, out!];
  count(x.graph, shape, inner!);
  const y = operation('Gemm', [rows, w, bias], { shape }, (d) => [
    matmul(d, w, { transposeB: true }),
    matmul(rows, d, { transposeA: true }),
    unbroadcast(d, bias.shape),
  ]);
  return reshape(y, [...x.shape.slice(0, -1), out!]);
}

function product(a: Value, b: Value, form: Required<Form>, shape: Dim[]): Value {
  const { transposeA, transposeB, scale } = form;
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: scale } };
  const { graph } = a;
  count(graph, shape, a.shape.at(transposeA ? -2 : -1)!);
  if (!transposeA && !transposeB && scale === 1) return graph.node('MatMul', [a, b], [{ shape }])[0]!;
  if (graph.fused) {
    return graph.node('FusedMatMul', [a, b], [{ shape }], { attributes, domain: 'com.microsoft' })[0]!;
  }
  if (a.shape.length === 2 && b.shape.length === 2)
    return graph.node('Gemm', [a, b], [{ shape }], { attributes })[0]!;
  const [x, y] = [transposeA ? transpose(a) : a, transposeB ? transpose(b) : b];
  const plain = graph.node('MatMul', [x, y], [{ shape }])[0]!;
  return scale === 1 ? plain : mul(plain, scale);
}

function count(graph: Graph, shape: Shape, inner: Dim): void {
  const known = [...shape, inner].every((dim) => typeof dim === 'number');
  if (known) graph.flops += 2 * sizeOf([...shape, inner]);
}

function matrix(x: Value, transposed: boolean, other: Value): [Dim, Dim] {
  const [rows, columns] = x.shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(
      `matmul: expected matrices, got ${showShape(x.shape)} and ${showShape(other.shape)}`,
    );
  }
  return transposed ? [columns, rows] : [rows, columns];
}
