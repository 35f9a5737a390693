/** Encoders: from a data folder to models, from models to the files of a bundle. */

export { encodeHistories } from './encode-histories.ts';
export {
  type EncoderExport,
  exportEncoders,
  FIRST_PRODUCTS,
  FIRST_VECTORS,
  productColumns,
} from './export-encoders.ts';
export { ENCODER_PARTS, type EncoderModels, type EncoderPart } from './models.ts';
export { type EncoderOptions, trainEncoders } from './train-encoders.ts';
