/**
 * @file Weights in half precision: half the memory, and products on tensor cores.
 *
 *   y = f32( half(x) · W )       W in f16 or bf16; CUDA's product sums in float32 and rounds once
 *
 * Only matrices that nothing but products reads become half; the residual stream, norms, softmax, the loss and the
 * head stay in float32. The product is exact to the rounding of its operands and of its result.
 */
import { present } from '#core';
import { narrowBf16, narrowF16 } from '#ml/tensor';
import type { GraphBuilder } from '../graph-builder.js';
import type { Graph, Initializer, Node } from '../graph.js';
import type { Value } from '../value.js';
import { rewrite } from './rewrite.js';

export type HalfType = 'f16' | 'bf16';

/** The same graph with its matrices in half precision, but for those named in `keep`. */
export function withHalfWeights(graph: Graph, type: HalfType, keep: ReadonlySet<string>): Graph {
  const others = new Set(nodesOf(graph).flatMap((node) => (isProduct(node) ? [] : node.inputs)));
  const halves = new Map<Value, Value>();
  for (const { value } of graph.initializers) {
    const isMatrix = value.dtype === 'f32' && value.shape.length === 2;
    if (!isMatrix || others.has(value) || keep.has(value.name)) continue;
    halves.set(value, { name: value.name, dtype: type, shape: value.shape });
  }
  return rewrite(graph, {
    rule: (g, node) => (isProduct(node) ? halfProduct(g, node, { halves, type }) : undefined),
    initializer: (initializer) => narrowed(initializer, halves.get(initializer.value)),
  });
}

/** All nodes, those in bodies of loops included. */
function nodesOf(graph: Graph): Node[] {
  return graph.nodes.flatMap((node) => (node.body ? [node, ...nodesOf(node.body)] : [node]));
}

function isProduct({ op }: Node): boolean {
  return op === 'MatMul' || op === 'FusedMatMul';
}

interface Halves {
  readonly halves: ReadonlyMap<Value, Value>;
  readonly type: HalfType;
}

function halfProduct(g: GraphBuilder, node: Node, { halves, type }: Halves): Value | undefined {
  const operands = node.inputs.map((input) => present(input, `operand of ${node.name}`));
  if (!operands.some((operand) => halves.has(operand))) return undefined;
  const [a, b] = operands.map((operand, index) => halves.get(operand) ?? g.scope(`${index}`).cast(operand, type));
  const { transA, transB, transBatchA, transBatchB, alpha = 1 } = node.attributes;
  const product = g.matmul(present(a, 'a'), present(b, 'b'), {
    transA: transA === 1,
    transB: transB === 1,
    transBatchA: transBatchA === 1,
    transBatchB: transBatchB === 1,
    alpha: Number(alpha),
  });
  return g.cast(product, 'f32');
}

/** Narrowed once per tensor, however many graphs hold it. */
const narrowedData: { readonly [T in HalfType]: WeakMap<Float32Array, Uint16Array> } = {
  f16: new WeakMap(),
  bf16: new WeakMap(),
};

function narrowed(initializer: Initializer, half: Value | undefined): Initializer {
  if (!half) return initializer;
  return { value: half, data: bitsOf(initializer.data as Float32Array, half.dtype as HalfType) };
}

function bitsOf(data: Float32Array, type: HalfType): Uint16Array {
  const known = narrowedData[type].get(data);
  if (known) return known;
  const bits = new Uint16Array(data.length);
  const narrow = type === 'f16' ? narrowF16 : narrowBf16;
  narrow(data, bits);
  narrowedData[type].set(data, bits);
  return bits;
}
