/** Training a policy in a test or benchmark, and deciding through its quantized head as a device would. */

import type { DecisionModel } from '../../shared/decide.ts';
import type { Engine } from '../../shared/engine.ts';
import { readHead, scoreHead } from '../../shared/policy/head.ts';
import { seeded } from '../../shared/random.ts';
import { exportPolicy } from '../../trainer-server/policy/export-policy.ts';
import { fitSpec } from '../../trainer-server/policy/fit-spec.ts';
import type { PolicyOptions } from '../../trainer-server/policy/policy-options.ts';
import type { surroundingsOf } from '../../trainer-server/policy/prepare.ts';
import { type PolicyInput, type PolicyModel, trainPolicy } from '../../trainer-server/policy/train-policy.ts';
import { SILENT } from '../../trainer-server/progress.ts';
import { NO_CHECKPOINTS } from '../../trainer-server/training-options.ts';

/**
 * @param seconds the time it may take: with less than it wants, it ends with what it has. A day unless told: what is
 * measured must not depend on what else the machine does
 */
export async function trainedModel(
  dataset: PolicyInput['dataset'],
  seed: number | string,
  { seconds = 86_400, ...options }: Partial<PolicyOptions> & { seconds?: number } = {},
): Promise<PolicyModel> {
  const spec = fitSpec(dataset);
  const began = performance.now();
  return trainPolicy({
    dataset,
    spec,
    training: {
      device: 'cpu',
      random: seeded(seed),
      progress: SILENT,
      signal: new AbortController().signal,
      deadline: () => seconds - (performance.now() - began) / 1000,
      checkpoints: NO_CHECKPOINTS,
    },
    options,
  });
}

/** The exported int8 head in plain TypeScript, no session encoder. */
export function decisionEngine(
  model: PolicyModel,
  surroundings: ReturnType<typeof surroundingsOf>,
  budgetPrice = 0,
): { decisionModel: DecisionModel; engine: Pick<Engine, 'encodeSession' | 'score'> } {
  const { tensors, meta } = exportPolicy(model);
  const head = readHead(tensors, meta.head);
  return {
    decisionModel: {
      ...surroundings,
      sessionWidth: 0,
      trained: true,
      budgetCost: meta.budgetCost,
      budgetPrice,
      ...(meta.budgetMost === undefined ? {} : { budgetMost: meta.budgetMost }),
      exploration: meta.exploration,
    },
    engine: {
      encodeSession: async () => new Float32Array(0),
      score: async (state, actions, count) => scoreHead(head, state, actions, count),
    },
  };
}
