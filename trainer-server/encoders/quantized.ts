/** Parameters in the form that ONNX files hold: the same int8 values and scales as the kernels' packed tensors. */

import { packingOf, quantizeColumns, quantizeRows } from '../../shared/quantize.ts';
import type { Tensor } from '../../shared/tensors.ts';
import type { QuantizedParameter } from '../graph/index.ts';

/** Matrices and tables become int8; vectors stay float32. */
export function quantizedParameters(
  parameters: Record<string, Tensor<Float32Array>>,
): Record<string, Tensor<Float32Array> | QuantizedParameter> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => {
      const packing = packingOf(name, tensor.shape);
      if (packing === 'plain') return [name, tensor];
      const quantized = packing === 'rows' ? quantizeRows(tensor, name) : quantizeColumns(tensor, name);
      return [name, { ...quantized, axis: packing === 'rows' ? 0 : 1 }];
    }),
  );
}
