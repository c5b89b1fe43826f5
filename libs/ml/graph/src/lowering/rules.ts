/**
 * @file The operations that an execution provider has no kernel for, in those that it has.
 *
 * A missing kernel is no error in ONNX Runtime: the node runs on the processor, and its operands cross the bus both
 * ways. Checked against ONNX Runtime 1.30. CUDA has a kernel for every operation of our list (`docs/OperatorKernels.md`
 * there). WebGPU has none for FusedMatMul, Sum and LogSoftmax, as profiles of its software device show.
 */
import { present } from '#core';
import type { GraphBuilder } from '../graph-builder.js';
import type { Node } from '../graph.js';
import type { OpType } from '../operators.js';
import type { Value } from '../value.js';
import type { RewriteRule } from './rewrite.js';

type RulesByOperation = { readonly [Op in OpType]?: (g: GraphBuilder, node: Node) => Value };

const webgpu: RulesByOperation = { FusedMatMul: plainProduct, Sum: chainOfSums, LogSoftmax: spelledLogSoftmax };

const rulesByProvider: Readonly<Record<string, RulesByOperation>> = { webgpu };

/** The rule of a provider, or undefined where graphs may stay as they are. */
export function loweringRule(executionProvider: string): RewriteRule | undefined {
  const rules = rulesByProvider[executionProvider];
  return rules && ((g, node) => rules[node.op]?.(g, node));
}

/** α·op(a)·op(b) with a Transpose for every flag. */
function plainProduct(g: GraphBuilder, node: Node): Value {
  const { transA = 0, transB = 0, transBatchA = 0, transBatchB = 0, alpha = 1 } = node.attributes;
  const a = transposed(g.scope('a'), operand(node, 0), { matrix: transA === 1, batch: transBatchA === 1 });
  const b = transposed(g.scope('b'), operand(node, 1), { matrix: transB === 1, batch: transBatchB === 1 });
  const product = g.matmul(a, b);
  return alpha === 1 ? product : g.mul(product, Number(alpha));
}

function transposed(g: GraphBuilder, x: Value, flags: { readonly matrix: boolean; readonly batch: boolean }): Value {
  let order = x.shape.map((_, axis) => axis);
  if (flags.batch) order = [...order.slice(1, -1), ...order.slice(0, 1), ...order.slice(-1)];
  if (flags.matrix) order = [...order.slice(0, -2), ...order.slice(-1), ...order.slice(-2, -1)];
  return g.transpose(x, order);
}

/** a + b + c + … from the left. */
function chainOfSums(g: GraphBuilder, node: Node): Value {
  return node.inputs.map((_, index) => operand(node, index)).reduce((sum, term) => g.add(sum, term));
}

/** x − m − log Σ exp(x − m) with m = max x: neither end of float32 is lost. */
function spelledLogSoftmax(g: GraphBuilder, node: Node): Value {
  const x = operand(node, 0);
  const shifted = g.sub(x, g.reduceMax(x, [-1], { keepDims: true }));
  return g.scope('result').sub(shifted, g.log(g.reduceSum(g.exp(shifted), [-1], { keepDims: true })));
}

function operand(node: Node, index: number): Value {
  return present(node.inputs[index], `input ${index} of ${node.name}`);
}
