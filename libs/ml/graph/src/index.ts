/** @file Graphs: build them, print them, encode them as ONNX, run them slowly in float64. */
export { broadcastShapes, formatShape, productOf, resolveDim, sameShape, sumOf, type Dim, type Shape } from './dims.js';
export { GraphBuilder, type MatMulOptions, type NBitsOptions } from './graph-builder.js';
export type { ReduceOptions } from './reduction-builder.js';
export type { SliceOptions } from './shape-builder.js';
export type { Reduction } from './indexing-builder.js';
export type { CompositeOptions, Operand } from './node-builder.js';
export { encodeOnnx, encodeOnnxParts, type ExternalData, type OnnxParts } from './encode-onnx.js';
export { lower, type LoweringOptions } from './lowering/lower.js';
export { earlyLeaves } from './lowering/early-leaves.js';
export { ELEMENTWISE, recompute, type RecomputeOptions } from './lowering/recompute.js';
export type { HalfType } from './lowering/half-weights.js';
export type { LoopOptions, LoopResult, LoopRound, LoopRoundResult } from './loop-builder.js';
export { toText } from './to-text.js';
export { expectAxes, type AxisSizes, type ElementType, type Value } from './value.js';
export {
  AxesMismatchError,
  ElementTypeMismatchError,
  NameTakenError,
  ShapeMismatchError,
  SizeUnknownError,
} from './graph.errors.js';
export type { Graph, Initializer, InitializerData, Node, Output } from './graph.js';

// The slow clear twin of ONNX Runtime: for tests.
export { evaluate } from './reference/evaluate.js';
export { hostArray, type HostArray } from './reference/host-array.js';

// For sister packages: gradients walk these.
export type { CompositeBackward, CompositeStep, NodeStep, Step } from './graph.js';
export { operators, type Attributes, type OpType } from './operators.js';
