/**
 * Operators that a bundle may use: arithmetic on what is there. No control flow, no string, random, sequence or
 * image operator, nothing that reads files; the four of ONNX Runtime's own are those that quantized exports use.
 */
export const OPERATORS: ReadonlySet<string> = new Set([
  ...['Abs', 'Add', 'Cast', 'Ceil', 'Clip', 'Concat', 'ConstantOfShape', 'Cos', 'DequantizeLinear', 'Div'],
  ...[
    'DynamicQuantizeLinear',
    'Equal',
    'Erf',
    'Exp',
    'Expand',
    'Flatten',
    'Floor',
    'Gather',
    'GatherElements',
  ],
  ...['Gelu', 'Gemm', 'Greater', 'GreaterOrEqual', 'Identity', 'LayerNormalization', 'Less', 'LessOrEqual'],
  ...['Log', 'LogSoftmax', 'MatMul', 'MatMulInteger', 'Max', 'Min', 'Mul', 'Neg', 'Pow', 'QuantizeLinear'],
  ...['Range', 'Reciprocal', 'ReduceMax', 'ReduceMean', 'ReduceSum', 'ReduceSumSquare', 'Relu', 'Reshape'],
  ...['ScatterElements', 'ScatterND', 'Shape', 'Sigmoid', 'Sin', 'Slice', 'Softmax', 'Softplus', 'Split'],
  ...['Sqrt', 'Squeeze', 'Sub', 'Tanh', 'Transpose', 'Unsqueeze', 'Where'],
  ...['com.microsoft.FusedMatMul', 'com.microsoft.DynamicQuantizeMatMul'],
  ...['com.microsoft.MatMulNBits', 'com.microsoft.GatherBlockQuantized'],
]);
