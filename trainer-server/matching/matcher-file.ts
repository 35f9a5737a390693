/** The matcher as a file of a bundle's `trainer/` folder: it compares products of a shop's suppliers, never on a device. */

import type { Bundle } from '../release/bundle.ts';
import type { BoostedTrees } from '../simulate/boosted-trees.ts';
import { Matcher, type MatcherModel } from './matcher.ts';

export const MATCHER_FILE = 'matcher.json';

export function matcherFile({ trees, ...model }: MatcherModel): Uint8Array {
  const plain = {
    ...model,
    trees: {
      outputs: trees.outputs,
      edges: trees.edges.map((edges) => [...edges]),
      base: [...trees.base],
      trees: trees.trees.map(({ feature, bin, value }) => ({
        feature: [...feature],
        bin: [...bin],
        value: [...value],
      })),
    },
  };
  return new TextEncoder().encode(JSON.stringify(plain));
}

/** Undefined where the bundle was trained without labelled pairs. */
export async function openMatcher(bundle: Bundle): Promise<Matcher | undefined> {
  const bytes = await bundle.trainerFile(MATCHER_FILE);
  if (bytes === undefined) return undefined;
  const { trees, ...model } = JSON.parse(new TextDecoder().decode(bytes)) as MatcherModel;
  return new Matcher({ ...model, trees: packed(trees) });
}

/** Numbers of JSON back in the arrays that the trees are read from. */
const packed = ({ outputs, edges, base, trees }: BoostedTrees): BoostedTrees => ({
  outputs,
  edges: edges.map((own) => Float32Array.from(own)),
  base: Float32Array.from(base),
  trees: trees.map(({ feature, bin, value }) => ({
    feature: Int16Array.from(feature),
    bin: Uint8Array.from(bin),
    value: Float32Array.from(value),
  })),
});
