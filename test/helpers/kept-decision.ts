/** A decision that a device kept, weighed again in Node. */

import type { CatalogueFile, FirstMeta } from '../../shared/bundle.ts';
import { weigh } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { decisionModelOf } from '../../shared/decision-model.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { FileRole } from '../../shared/manifest.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { Fixture } from './bundle-fixture.ts';

export interface Kept {
  slot: string;
  request: DecisionRequest;
  decision: { values: Record<string, number> };
}

type View = Awaited<ReturnType<typeof views>>[number];

/** The release as a device sees it: with the first group's products, and with the whole catalogue's. */
export async function views({ signed, files }: Fixture) {
  const bytes = (role: FileRole): Uint8Array =>
    files.get(signed.signed.files.find((file) => file.role === role)!.sha256)!;
  const json = <T>(role: FileRole): T => JSON.parse(new TextDecoder().decode(bytes(role))) as T;
  const meta = json<FirstMeta>('first-meta');
  const first = readTensors(bytes('first-tensors'));
  const modules = await compileKernels();
  const whole = { ...first, ...readTensors(bytes('products')) };
  return [
    {
      model: decisionModelOf(meta, meta.products, signed.signed),
      engine: await engineFromFirst(meta, first, modules),
    },
    {
      model: decisionModelOf(meta, json<CatalogueFile>('catalogue').products, signed.signed),
      engine: await engineFromFirst(meta, whole, modules),
    },
  ];
}

export async function differenceTo({ request, decision }: Kept, { model, engine }: View): Promise<number> {
  const { candidates, q } = await weigh(request, model, engine);
  return Math.max(...candidates.map(({ id }, i) => Math.abs(q[i]! - decision.values[id]!)));
}
