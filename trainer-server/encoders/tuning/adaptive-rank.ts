/**
 * Low-rank adaptation with a budget of ranks over all matrices together: it starts with twice the rank everywhere, and
 * after the first stage keeps the terms that matter most, wherever they are (AdaLoRA: Zhang et al. 2023, arXiv 2303.10512,
 * section 3.3). A term's importance is here its Frobenius norm, |a| |b| for the outer product of a and b; the paper's
 * also counts gradients, which never leave our training graph.
 */

import type { Tensor } from '../../../shared/tensors.ts';
import type { FineTuning, Parameters } from './fine-tuning.ts';
import { DOWN, type LoraOptions, lora, UP } from './lora.ts';

/** @param options `rank` is the mean that is left */
export const adaptiveRank = <Config>(options: LoraOptions): FineTuning<Config> => ({
  ...lora<Config>({ ...options, rank: 2 * options.rank }),
  narrowed: (parameters) => {
    const names = Object.keys(parameters).flatMap((name) =>
      name.endsWith(DOWN) ? [name.slice(0, -DOWN.length)] : [],
    );
    const terms = names.flatMap((name) =>
      importances(parameters, name).map((worth, r) => ({ name, r, worth })),
    );
    terms.sort((x, y) => y.worth - x.worth);
    const kept = terms.slice(0, options.rank * names.length);
    const out: Parameters = { ...parameters };
    for (const name of names) {
      const own = kept.filter((term) => term.name === name).map(({ r }) => r);
      delete out[name + DOWN];
      delete out[name + UP];
      if (own.length === 0) continue;
      out[name + DOWN] = columns(parameters[name + DOWN]!, own);
      out[name + UP] = rows(parameters[name + UP]!, own);
    }
    return out;
  },
});

function importances(parameters: Parameters, name: string): number[] {
  const [a, b] = [parameters[name + DOWN]!, parameters[name + UP]!];
  const [rank, to] = b.shape as [number, number];
  return Array.from({ length: rank }, (_, r) => {
    const column = Math.hypot(...columns(a, [r]).data);
    return column * Math.hypot(...b.data.subarray(r * to, (r + 1) * to));
  });
}

function columns({ shape, data }: Tensor<Float32Array>, chosen: readonly number[]): Tensor<Float32Array> {
  const [from, width] = shape as [number, number];
  const out = Float32Array.from({ length: from * chosen.length }, (_, i) => {
    const row = Math.floor(i / chosen.length);
    return data[row * width + chosen[i % chosen.length]!]!;
  });
  return { shape: [from, chosen.length], data: out };
}

function rows({ shape, data }: Tensor<Float32Array>, chosen: readonly number[]): Tensor<Float32Array> {
  const width = shape[1]!;
  const out = new Float32Array(chosen.length * width);
  chosen.forEach((row, i) => {
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { shape: [chosen.length, width], data: out };
}
