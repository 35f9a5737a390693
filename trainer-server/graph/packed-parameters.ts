/** A bundle's tensors as the parameters of an ONNX file: the same int8 values and scales in both. */

import { SCALE_SUFFIX } from '../../shared/bundle.ts';
import { integersOf, packingOf } from '../../shared/quantize.ts';
import type { Tensor, Tensors } from '../../shared/tensors.ts';
import type { InferenceModel } from './inference.ts';

/** @param packed by packParameters() or in its form; further tensors become parameters too */
export function packedParameters(packed: Tensors): InferenceModel['parameters'] {
  const parameters: InferenceModel['parameters'] = {};
  for (const name of Object.keys(packed)) {
    if (name.endsWith(SCALE_SUFFIX)) continue;
    const integers = integersOf(packed, name);
    parameters[name] =
      integers === undefined
        ? (packed[name] as Tensor<Float32Array>)
        : { ...integers, axis: packingOf(name, integers.int8.shape) === 'rows' ? 0 : 1 };
  }
  return parameters;
}
