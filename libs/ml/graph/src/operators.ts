/**
 * @file The closed list of operations.
 *
 * An operation is an ONNX operator (opset 18) or one of ONNX Runtime's own (`com.microsoft`). Whatever a graph can hold
 * is here, and every table over operations (gradients, the reference interpreter) is typed by this list, so that a
 * missing entry does not compile.
 */

/** How an attribute is written: ONNX needs to know, since a whole number may be meant as a float. */
export type AttributeKind = 'int' | 'float' | 'ints' | 'text' | 'scalar';

interface Operator {
  /** Operator name in ONNX where it differs. */
  readonly onnxName?: string;
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
}

const matrixProduct = { transA: 'int', transB: 'int', transBatchA: 'int', transBatchB: 'int', alpha: 'float' } as const;

function operatorTable<Name extends string>(table: Readonly<Record<Name, Operator>>): Readonly<Record<Name, Operator>> {
  return table;
}

export const operators = operatorTable({
  // Elementwise
  Add: {},
  Sub: {},
  Mul: {},
  Div: {},
  Sum: {},
  Neg: {},
  Exp: {},
  Log: {},
  Sqrt: {},
  Reciprocal: {},
  Tanh: {},
  Sigmoid: {},
  Softplus: {},
  QuickGelu: { domain: 'com.microsoft', attributes: { alpha: 'float' } },
  // Comparisons and choices
  Equal: {},
  Less: {},
  Greater: {},
  And: {},
  Not: {},
  Where: {},
  Cast: { attributes: { to: 'int' } },
  Identity: {},
  StopGradient: { onnxName: 'Identity' },
  // Reductions and normalisations
  Softmax: { attributes: { axis: 'int' } },
  LogSoftmax: { attributes: { axis: 'int' } },
  ReduceSum: { attributes: { keepdims: 'int' } },
  ReduceMean: { attributes: { keepdims: 'int' } },
  ReduceMax: { attributes: { keepdims: 'int' } },
  ArgMax: { attributes: { axis: 'int', keepdims: 'int' } },
  CumSum: { attributes: { exclusive: 'int', reverse: 'int' } },
  TopK: { attributes: { axis: 'int', largest: 'int', sorted: 'int' } },
  SimplifiedLayerNormalization: { attributes: { axis: 'int', epsilon: 'float', stash_type: 'int' } },
  SkipSimplifiedLayerNormalization: { domain: 'com.microsoft', attributes: { epsilon: 'float' } },
  // Matrix products
  MatMul: {},
  FusedMatMul: { domain: 'com.microsoft', attributes: matrixProduct },
  MatMulNBits: {
    domain: 'com.microsoft',
    attributes: { K: 'int', N: 'int', bits: 'int', block_size: 'int', accuracy_level: 'int' },
  },
  RotaryEmbedding: { domain: 'com.microsoft', attributes: { interleaved: 'int' } },
  // Shapes
  Shape: { attributes: { start: 'int', end: 'int' } },
  Reshape: {},
  Transpose: { attributes: { perm: 'ints' } },
  Expand: {},
  ConstantOfShape: { attributes: { value: 'scalar' } },
  Concat: { attributes: { axis: 'int' } },
  Split: { attributes: { axis: 'int' } },
  Slice: {},
  // Control
  Loop: {},
  // Indexing
  Gather: { attributes: { axis: 'int' } },
  GatherElements: { attributes: { axis: 'int' } },
  ScatterND: { attributes: { reduction: 'text' } },
  ScatterElements: { attributes: { axis: 'int', reduction: 'text' } },
});

/** Name of an operation. */
export type OpType = keyof typeof operators;

/**
 * Attributes of a node. Those in the operator table are written to ONNX; the others (the axes of a sum, the bounds of a
 * slice) repeat what ONNX takes as constant inputs, for gradients and for whoever reads the printed graph.
 */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;
