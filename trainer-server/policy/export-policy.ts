/** A trained policy as the files of a bundle. */

import type { FirstMeta } from '../../shared/bundle.ts';
import type { Tensor, Tensors } from '../../shared/tensors.ts';
import { packedParameters } from '../graph/index.ts';
import { headOnnx } from './q-network.ts';
import type { PolicyModel } from './train-policy.ts';

export interface ExportedPolicy {
  /** For first.json. */
  meta: Required<Pick<FirstMeta, 'features' | 'head' | 'budgetCost' | 'exploration'>> &
    Pick<FirstMeta, 'budgetMost'>;
  /** Packed int8 with scales, for first.safetensors. */
  tensors: Tensors;
  /** head.onnx: the same int8 weights behind DequantizeLinear. */
  onnx: Uint8Array;
  /** Full precision, for parity and for `trainer/`, never published. */
  full: { tensors: Tensors; onnx: Uint8Array };
}

export function exportPolicy(model: PolicyModel): ExportedPolicy {
  const { parameters, packed, config, unit } = model;
  const unitTensor: Tensor = { shape: [2], data: Float32Array.of(unit.offset, unit.scale) };
  return {
    meta: {
      features: model.spec,
      head: config,
      budgetCost: model.budgetCost,
      exploration: model.exploration,
      ...(model.budgetMost === undefined ? {} : { budgetMost: model.budgetMost }),
    },
    tensors: { ...packed, 'head.unit': unitTensor },
    onnx: headOnnx(packedParameters(packed), config, unit),
    full: {
      tensors: { ...parameters, 'head.unit': unitTensor },
      onnx: headOnnx(parameters, config, unit),
    },
  };
}
