/**
 * @file Runs a graph in float64, one node after the other, one element at a time: the slow clear twin of ONNX Runtime.
 *
 * Gradients are checked against finite differences here, where rounding does not hide errors; the fast path is checked
 * against this one.
 */
import { assert, present } from '#core';
import type { Graph } from '../graph.js';
import type { OpType } from '../operators.js';
import type { Value } from '../value.js';
import { binary, cast, div, quickGelu, sigmoid, softplus, sum, unary, where } from './elementwise.js';
import type { HostArray } from './host-array.js';
import { gather, gatherElements, scatterElements, scatterRows } from './indexing.js';
import type { Kernel } from './kernel.js';
import { matmul, matMulNBits, rotaryEmbedding } from './matrices.js';
import { argMax, logSoftmax, reduce, rmsNorm, skipRmsNorm, softmax, topK, total } from './reductions.js';
import { concat, constantOfShape, expand, reshape, shape, slice, split, transpose } from './shapes.js';

const kernels: { readonly [Op in OpType]: Kernel } = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: div,
  Sum: sum,
  Neg: unary((x) => -x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Reciprocal: unary((x) => 1 / x),
  Tanh: unary(Math.tanh),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  QuickGelu: quickGelu,
  Equal: binary((a, b) => Number(a === b)),
  Less: binary((a, b) => Number(a < b)),
  Greater: binary((a, b) => Number(a > b)),
  And: binary((a, b) => Number(a !== 0 && b !== 0)),
  Not: unary((x) => Number(x === 0)),
  Where: where,
  Cast: cast,
  Identity: unary((x) => x),
  StopGradient: unary((x) => x),
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  ReduceSum: reduce(total),
  ReduceMean: reduce((elements) => total(elements) / elements.length),
  ReduceMax: reduce((elements) => Math.max(...elements)),
  ArgMax: argMax,
  TopK: topK,
  SimplifiedLayerNormalization: rmsNorm,
  SkipSimplifiedLayerNormalization: skipRmsNorm,
  MatMul: matmul,
  FusedMatMul: matmul,
  MatMulNBits: matMulNBits,
  RotaryEmbedding: rotaryEmbedding,
  Shape: shape,
  Reshape: reshape,
  Transpose: transpose,
  Expand: expand,
  ConstantOfShape: constantOfShape,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  ScatterND: scatterRows,
  ScatterElements: scatterElements,
};

/** The outputs of a graph by name. Feeds are by input name, in the shapes that the inputs declare. */
export function evaluate(graph: Graph, feeds: ReadonlyMap<string, HostArray>): ReadonlyMap<string, HostArray> {
  const values = new Map<Value, HostArray>();
  for (const value of graph.inputs) values.set(value, present(feeds.get(value.name), `feed ${value.name}`));
  for (const { value, data } of graph.initializers) {
    values.set(value, { dims: value.shape as readonly number[], data: Float64Array.from(data, Number) });
  }
  const valueOf = (value: Value): HostArray => present(values.get(value), `value ${value.name}`);
  for (const node of graph.nodes) {
    const results = kernels[node.op](
      node.inputs.map((value) => value && valueOf(value)),
      node,
    );
    for (const [index, output] of node.outputs.entries()) {
      if (output === null) continue;
      const result = present(results[index], `output ${index} of ${node.name}`);
      assertFits(output, result);
      values.set(output, result);
    }
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, valueOf(value)]));
}

/** The shape that the builder promised is the shape that came out. */
function assertFits({ name, shape: promised }: Value, { dims }: HostArray): void {
  const fits =
    promised.length === dims.length && promised.every((dim, axis) => typeof dim === 'string' || dim === dims[axis]);
  assert(fits, `${name}: the graph promises [${promised.join(', ')}], the result has [${dims.join(', ')}]`);
}
