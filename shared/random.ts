/** Seeded random numbers: everything random in training, simulation and exploration comes from here. */

/** Equal seeds give equal numbers on every machine. */
export interface Uniform {
  /** In [0, 1), 32 bits. */
  next(): number;
}

/** A stream of random numbers of several kinds. */
export interface Random extends Uniform {
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream, named so that adding one elsewhere does not shift this one. */
  fork(name: string): Random;
}

/** The uniform numbers of `seeded`, for where nothing else is drawn: a device's code comes without the rest. */
export function uniform(seed: string): Uniform {
  const bits = sfc32(seed);
  return { next: () => bits() / 4294967296 };
}

/** Every kind, from one stream. */
export function seeded(seed: number | string): Random {
  return stream(String(seed));
}

/** 32-bit FNV-1a hash of a text's UTF-16 units. Also used for feature hashing and canary buckets. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

/** In-place Fisher-Yates. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, random: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
  return items;
}

function stream(seed: string): Random {
  const { next } = uniform(seed);
  let spare: number | undefined;
  return {
    next,
    int: (n) => Math.floor(next() * n),
    normal: () => {
      if (spare !== undefined) {
        const held = spare;
        spare = undefined;
        return held;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    fork: (name) => stream(`${seed}/${name}`),
  };
}

/** Chris Doty-Humphrey, PractRand: 32 random bits at each call; seeded through FNV-1a of the text. */
function sfc32(seed: string): () => number {
  let a = hash32(seed, 0x811c9dc5) | 0;
  let b = hash32(seed, 0x9e3779b9) | 0;
  let c = hash32(seed, 0x85ebca6b) | 0;
  let counter = 1;
  const bits = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 15; i++) bits();
  return bits;
}
