/**
 * @file Runs a graph in float64, one node after the other, one element at a time: the slow clear twin of ONNX Runtime.
 *
 * Gradients are checked against finite differences here, where rounding does not hide errors; the fast path is checked
 * against this one.
 */
import { assert, present } from '#core';
import { bf16ToNumber, f16ToNumber } from '#ml/tensor';
import type { Graph, InitializerData, Node } from '../graph.js';
import type { OpType } from '../operators.js';
import type { ElementType, Value } from '../value.js';
import { binary, cast, div, quickGelu, sigmoid, softplus, sum, unary, where } from './elementwise.js';
import { hostArray, type HostArray } from './host-array.js';
import { gather, gatherElements, scatterElements, scatterRows } from './indexing.js';
import type { Kernel } from './kernel.js';
import { matmul, matMulNBits, rotaryEmbedding } from './matrices.js';
import { argMax, cumSum, logSoftmax, reduce, rmsNorm, skipRmsNorm, softmax, topK, total } from './reductions.js';
import { concat, constantOfShape, expand, reshape, shape, slice, split, transpose } from './shapes.js';

const kernels: { readonly [Op in Exclude<OpType, 'Loop'>]: Kernel } = {
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
  CumSum: cumSum,
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
  const valueOf = evaluateNodes(
    graph,
    graph.inputs.map(({ name }) => present(feeds.get(name), `feed ${name}`)),
    (value) => present<HostArray>(undefined, `value ${value.name}`),
  );
  return new Map(graph.outputs.map(({ name, value }) => [name, valueOf(value)]));
}

type ValueOf = (value: Value) => HostArray;

/** Runs the nodes of a graph, or of a body within another; whatever is not its own comes from outside. */
function evaluateNodes(graph: Graph, inputs: readonly HostArray[], outside: ValueOf): ValueOf {
  const values = new Map<Value, HostArray>();
  graph.inputs.forEach((value, index) => values.set(value, present(inputs[index], `input ${value.name}`)));
  for (const { value, data } of graph.initializers) {
    values.set(value, { dims: value.shape as readonly number[], data: numbersOf(data, value.dtype) });
  }
  const valueOf: ValueOf = (value) => values.get(value) ?? outside(value);
  for (const node of graph.nodes) {
    const operands = node.inputs.map((value) => value && valueOf(value));
    const results = node.op === 'Loop' ? repeat(node, operands, valueOf) : kernels[node.op](operands, node);
    for (const [index, output] of node.outputs.entries()) {
      if (output === null) continue;
      const result = present(results[index], `output ${index} of ${node.name}`);
      assertFits(output, result);
      values.set(output, result);
    }
  }
  return valueOf;
}

/** ONNX's Loop: state from round to round, and what each round gives for keeps, stacked. */
function repeat(node: Node, operands: readonly (HostArray | null)[], outside: ValueOf): readonly HostArray[] {
  const body = present(node.body, `body of ${node.name}`);
  const [rounds, start, ...initial] = operands.map((operand) => present(operand, `input of ${node.name}`));
  let state = initial;
  let proceeds = present(start?.data[0], 'start');
  const kept: HostArray[][] = [];
  for (let round = 0; round < present(rounds?.data[0], 'rounds') && proceeds !== 0; round++) {
    const valueOf = evaluateNodes(body, [hostArray([], [round]), hostArray([], [proceeds]), ...state], outside);
    const [next, ...results] = body.outputs.map(({ value }) => valueOf(value));
    proceeds = present(next?.data[0], 'proceed');
    state = results.slice(0, initial.length);
    kept.push(results.slice(initial.length));
  }
  const collected = node.outputs.slice(initial.length).map((output, index): HostArray => {
    const [, ...rest] = present(output, 'collected').shape;
    const parts = kept.map((round) => present(round[index], 'collected'));
    const dims = parts[0]?.dims ?? rest.map((dim) => (typeof dim === 'number' ? dim : 0));
    return hostArray(
      [parts.length, ...dims],
      parts.flatMap(({ data }) => [...data]),
    );
  });
  return [...state, ...collected];
}

/** Elements as numbers; half precision is kept as its bits. */
function numbersOf(data: InitializerData, dtype: ElementType): Float64Array {
  const toNumber = dtype === 'f16' ? f16ToNumber : dtype === 'bf16' ? bf16ToNumber : Number;
  return Float64Array.from(data as ArrayLike<number>, toNumber);
}

/** The shape that the builder promised is the shape that came out. */
function assertFits({ name, shape: promised }: Value, { dims }: HostArray): void {
  const fits =
    promised.length === dims.length && promised.every((dim, axis) => typeof dim === 'string' || dim === dims[axis]);
  assert(fits, `${name}: the graph promises [${promised.join(', ')}], the result has [${dims.join(', ')}]`);
}
