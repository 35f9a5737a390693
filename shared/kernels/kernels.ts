/** The compiled kernels on one memory. What each does and expects stands in assembly/. */

import { BadInput } from '../errors.ts';

type Address = number;

/** Exports of assembly/core.ts. */
interface Core {
  attend(
    ...of: [
      q: Address,
      k: Address,
      v: Address,
      stride: number,
      out: Address,
      outStride: number,
      rows: number,
      count: number,
      growth: 0 | 1,
      width: number,
      scale: number,
      scores: Address,
    ]
  ): void;
  matmul(
    ...of: [
      a: Address,
      aStride: number,
      b: Address,
      bias: Address,
      c: Address,
      cStride: number,
      rows: number,
      depth: number,
      columns: number,
      accumulate: boolean,
    ]
  ): void;
  packPanels(from: Address, scale: Address, to: Address, depth: number, columns: number): void;
  packInt8Panels(from: Address, scale: Address, to: Address, depth: number, columns: number): void;
  addRow(y: Address, x: Address, factor: number, width: number): void;
  addInt8Row(y: Address, x: Address, scale: number, width: number): void;
  multiplyRows(x: Address, s: Address, y: Address, rows: number, width: number): void;
  relu(x: Address, count: number): void;
  gelu(x: Address, count: number): void;
  layerNorm(x: Address, gain: Address, bias: Address, y: Address, rows: number, width: number): void;
}

/** Compiled once, instantiated for every engine. */
export interface KernelModules {
  core: WebAssembly.Module;
}

export interface Kernels extends Core {
  memory: KernelMemory;
}

/** A hostile bundle must not take a shopper's memory: 64 MiB hold encoders of 50 times our size. */
const LARGEST_PAGES = 1024;
const PAGE = 65536;
/** What a session encoder and a Q head of our sizes take: growing step by step takes longer than they do. */
const FIRST_PAGES = 16;

/** Memory that is only ever added to, apart from what `borrow` gives back; address 0 means "none". */
export class KernelMemory {
  readonly memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: LARGEST_PAGES });
  #top = 64;

  /** The address of `bytes` zeroed bytes, aligned to 64. @throws BadInput beyond 64 MiB in all */
  allocate(bytes: number): Address {
    const at = this.#top;
    const end = (at + bytes + 63) & ~63;
    if (!(bytes >= 0 && bytes <= LARGEST_PAGES * PAGE && end <= LARGEST_PAGES * PAGE)) {
      throw new BadInput({}, `networks within ${(LARGEST_PAGES * PAGE) >> 20} MiB of memory`, `${end} bytes`);
    }
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    this.#top = end;
    return at;
  }

  floats(count: number): Address {
    return this.allocate(count * 4);
  }

  /** Runs `use` on memory that is free again, and zero, afterwards; nothing allocated within may outlive it. */
  borrow(bytes: number, use: (at: Address) => void): void {
    const top = this.#top;
    use(this.allocate(bytes));
    new Uint8Array(this.memory.buffer, top, this.#top - top).fill(0);
    this.#top = top;
  }

  /** A view, good until the next allocation. */
  view(at: Address, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, count);
  }

  /** Writes numbers from `at` on. @returns at */
  put(values: Float32Array | Int8Array, at = this.floats(values.length)): Address {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.memory.buffer, at).set(bytes);
    return at;
  }
}

export async function instantiateKernels({ core }: KernelModules): Promise<Kernels> {
  const memory = new KernelMemory();
  const { exports } = await WebAssembly.instantiate(core, { env: { memory: memory.memory } });
  return { ...(exports as unknown as Core), memory };
}
