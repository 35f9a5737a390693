/** Everything but the int8 products: plain WebAssembly SIMD, so equal inputs give equal bits on every device. */

export { attend } from './attention';
export { matmul, packInt8Panels, packPanels } from './matmul';
export { addInt8Row, addRow, gelu, layerNorm, multiplyRows, relu } from './rows';
