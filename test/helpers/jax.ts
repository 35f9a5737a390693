/** jax-js, the independent oracle of the differentiator, on Node 20. Never import it outside tests and benchmarks. */

import type * as Jax from '@jax-js/jax';

type Jaxed = typeof Jax;
export type Array = Jax.Array;

let loaded: Promise<Jaxed> | undefined;

/** The module with its WASM backend started. */
export function loadJax(): Promise<Jaxed> {
  loaded ??= start();
  return loaded;
}

async function start(): Promise<Jaxed> {
  polyfill();
  const jax = await import('@jax-js/jax');
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return jax;
}

/** What jax-js 0.1.25 takes for granted and Node 20 lacks. It only asks whether an array is of 16-bit floats: none is. */
function polyfill(): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  scope.Float16Array ??= class Float16Array extends Uint16Array {};
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as Record<
    string,
    unknown
  >;
  iterators.map ??= function* map<T, U>(this: Iterable<T>, change: (value: T, index: number) => U) {
    let index = 0;
    for (const value of this) yield change(value, index++);
  };
}
