/** A bundle's policy on simulated shoppers: the exported files, exploring as a device would. */

import { weigh } from '../../shared/decide.ts';
import { decisionModelOf } from '../../shared/decision-model.ts';
import { ortNodeEngineOf } from '../engine/ort-node-engine.ts';
import type { Bundle } from '../release/bundle.ts';
import { oneHot } from './policies.ts';
import type { SimulatedPolicy } from './types.ts';

/** The caller disposes it when the runs are done. */
export async function bundlePolicy(bundle: Bundle): Promise<SimulatedPolicy & { dispose(): void }> {
  const meta = await bundle.first();
  const products = (await bundle.catalogue())?.products ?? meta.products;
  const model = decisionModelOf(meta, products, bundle.manifest);
  const engine = await ortNodeEngineOf(bundle);
  return {
    name: `release ${bundle.manifest.version}`,
    async probabilities(requests) {
      const rows: number[][] = [];
      // One at a time: the engine is the one that serves devices, whose batch is one.
      for (const request of requests) {
        const { candidates, probabilities } = await weigh(request, model, engine);
        const p = new Map(candidates.map(({ id }, i) => [id, probabilities[i]!]));
        const eligible = request.eligible ?? [];
        rows.push(p.size === 0 ? oneHot(eligible.length, 0) : eligible.map((id) => p.get(id) ?? 0));
      }
      return rows;
    },
    dispose: () => engine.dispose(),
  };
}
