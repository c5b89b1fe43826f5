/**
 * @file The derivative of every operation, in one table; d is the gradient of the output, y the output itself.
 *
 * A rule gives the vector-Jacobian product dᵀ·∂y/∂input. Where inputs broadcast, their gradient is summed back to their
 * shape (`sumTo`). Composites with a derivative of their own stand in `composites/`.
 */
import type { OpType } from '#ml/graph';
import { binary, gradientOf, inferenceOnly, noGradient, unary, type GradientRule } from './rule.js';
import { gatherElementsRule, gatherRule, scatterElementsRule, scatterRowsRule } from './rules/indexing.js';
import { matmulRule } from './rules/matmul.js';
import { rmsNormRule, rotaryEmbeddingRule } from './rules/normalisation.js';
import { concatRule, reduceMaxRule, reduceMeanRule, reduceSumRule, sliceRule, splitRule } from './rules/shapes.js';

export const vjpRules: { readonly [Op in OpType]: GradientRule } = {
  // ∂(a+b)/∂a = 1
  Add: binary(
    (g, d, { a }) => g.sumTo(d, a.shape),
    (g, d, { b }) => g.sumTo(d, b.shape),
  ),
  // ∂(a−b)/∂a = 1, ∂(a−b)/∂b = −1
  Sub: binary(
    (g, d, { a }) => g.sumTo(d, a.shape),
    (g, d, { b }) => g.sumTo(g.neg(d), b.shape),
  ),
  // ∂(ab)/∂a = b, ∂(ab)/∂b = a
  Mul: binary(
    (g, d, { a, b }) => g.sumTo(g.mul(d, b), a.shape),
    (g, d, { a, b }) => g.sumTo(g.mul(d, a), b.shape),
  ),
  // ∂(a/b)/∂a = 1/b, ∂(a/b)/∂b = −y/b
  Div: binary(
    (g, d, { a, b }) => g.sumTo(g.div(d, b), a.shape),
    (g, d, { b, y }) => g.sumTo(g.neg(g.div(g.mul(d, y), b)), b.shape),
  ),
  // ∂(Σ xᵢ)/∂xᵢ = 1
  Sum: (node, [d]) => node.inputs.map(() => () => gradientOf(d, node)),
  // ∂(−x)/∂x = −1
  Neg: unary((g, d) => g.neg(d)),
  // ∂eˣ/∂x = y
  Exp: unary((g, d, { y }) => g.mul(d, y)),
  // ∂log x/∂x = 1/x
  Log: unary((g, d, { x }) => g.div(d, x)),
  // ∂√x/∂x = 1/(2y)
  Sqrt: unary((g, d, { y }) => g.div(g.mul(d, 0.5), y)),
  // ∂(1/x)/∂x = −y²
  Reciprocal: unary((g, d, { y }) => g.neg(g.mul(d, g.mul(y, y)))),
  // ∂tanh x/∂x = 1 − y²
  Tanh: unary((g, d, { y }) => g.mul(d, g.sub(1, g.mul(y, y)))),
  // ∂σ(x)/∂x = y(1 − y)
  Sigmoid: unary((g, d, { y }) => g.mul(d, g.mul(y, g.sub(1, y)))),
  // ∂log(1+eˣ)/∂x = σ(x)
  Softplus: unary((g, d, { x }) => g.mul(d, g.sigmoid(x))),
  // y = x·s with s = σ(αx): ∂y/∂x = s + αx·s(1 − s) = s(1 + α(x − y))
  QuickGelu: unary((g, d, { x, y, node }) => {
    const alpha = Number(node.attributes['alpha']);
    return g.mul(d, g.mul(g.sigmoid(g.mul(x, alpha)), g.add(1, g.mul(g.sub(x, y), alpha))));
  }),

  // Piecewise constant
  Equal: noGradient,
  Less: noGradient,
  Greater: noGradient,
  And: noGradient,
  Not: noGradient,
  // ∂y/∂a = 1 where the condition holds, else 0; ∂y/∂b the other way round
  Where: (node, [d]) => {
    const [condition, a, b] = node.inputs;
    if (!condition || !a || !b) return [];
    return [
      null,
      (g) => g.sumTo(g.where(condition, gradientOf(d, node), 0), a.shape),
      (g) => g.sumTo(g.where(condition, 0, gradientOf(d, node)), b.shape),
    ];
  },
  // Between float and anything else; a cast to the same type makes no node
  Cast: noGradient,
  // ∂x/∂x = 1
  Identity: unary((_, d) => d),
  // By definition
  StopGradient: noGradient,

  // y = softmax(x): ∂L/∂x = y∘(d − Σ d∘y)
  Softmax: unary((g, d, { y }) => g.mul(y, g.sub(d, g.reduceSum(g.mul(d, y), [-1], { keepDims: true })))),
  // y = x − log Σ eˣ: ∂L/∂x = d − eʸ Σ d
  LogSoftmax: unary((g, d, { y }) => g.sub(d, g.mul(g.exp(y), g.reduceSum(d, [-1], { keepDims: true })))),
  ReduceSum: reduceSumRule,
  ReduceMean: reduceMeanRule,
  ReduceMax: reduceMaxRule,
  ArgMax: noGradient,
  // y_i = Σ_{j ≤ i} x_j: ∂L/∂x_j = Σ_{i ≥ j} d_i
  CumSum: unary((g, d, { node }) =>
    g.cumSum(d, Number(node.attributes['axis']), {
      exclusive: node.attributes['exclusive'] === 1,
      reverse: node.attributes['reverse'] === 0,
    }),
  ),
  TopK: inferenceOnly('TopK selects candidates for sampling; train on full log-probabilities'),
  SimplifiedLayerNormalization: rmsNormRule,
  SkipSimplifiedLayerNormalization: inferenceOnly('use Add and SimplifiedLayerNormalization in a graph that trains'),

  MatMul: matmulRule,
  FusedMatMul: matmulRule,
  MatMulNBits: inferenceOnly('quantised weights are for decoding only'),
  RotaryEmbedding: rotaryEmbeddingRule,

  // Of sizes, not of elements
  Shape: noGradient,
  // Same elements, other shape
  Reshape: unary((g, d, { x }) => g.reshapeLike(d, x)),
  // The inverse permutation
  Transpose: unary((g, d, { node }) => {
    const perm = node.attributes['perm'] as readonly number[];
    return g.transpose(
      d,
      perm.map((_, axis) => perm.indexOf(axis)),
    );
  }),
  // Repetition sums
  Expand: unary((g, d, { x }) => g.sumTo(d, x.shape)),
  ConstantOfShape: noGradient,
  Concat: concatRule,
  Split: splitRule,
  Slice: sliceRule,

  Loop: inferenceOnly('a loop generates; what is trained is written out'),

  Gather: gatherRule,
  GatherElements: gatherElementsRule,
  ScatterND: scatterRowsRule,
  ScatterElements: scatterElementsRule,
};
