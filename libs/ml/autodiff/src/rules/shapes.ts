/** @file Gradients of reductions and of operations that cut and join axes. */
import { present } from '#core';
import { productOf, type Dim, type GraphBuilder, type Node, type Value } from '#ml/graph';
import { GradientUnsupportedError } from '../autodiff.errors.js';
import { gradientOf, inputOf, numberAttribute, integersAttribute, outputOf, unary, type VjpRule } from '../rule.js';

/** ∂(Σ x)/∂x = 1: the gradient is repeated along the summed axes. */
export const reduceSumRule = unary((g, d, { x, node }) => g.expand(withKeptAxes(g, d, x, node), x.shape));

/** ∂(mean x)/∂x = 1/n with n the number of elements in one mean. */
export const reduceMeanRule = unary((g, d, { x, node }) => {
  const count = productOf(integersAttribute(node, 'axes').map((axis) => sizeOf(x, axis)));
  const scaled = typeof count === 'number' ? g.mul(d, 1 / count) : g.div(d, g.cast(countValue(g, count), 'f32'));
  return g.expand(withKeptAxes(g, scaled, x, node), x.shape);
});

/** ∂(max x)/∂x = 1 at the largest element; equals share it. */
export const reduceMaxRule = unary((g, d, { x, y, node }) => {
  const axes = integersAttribute(node, 'axes');
  const isLargest = g.cast(g.equal(x, withKeptAxes(g, y, x, node)), 'f32');
  const share = g.div(isLargest, g.reduceSum(isLargest, axes, { keepDims: true }));
  return g.mul(withKeptAxes(g, d, x, node), share);
});

/** Each part takes its own stretch of the gradient. */
export const concatRule: VjpRule = (node, [d]) => {
  const axis = numberAttribute(node, 'axis');
  const sizes = node.inputs.map((_, index) => sizeOf(inputOf(node, index), axis));
  return sizes.map((_, index) => (g: GraphBuilder) => {
    const before = totalOf(sizes.slice(0, index));
    const after = totalOf(sizes.slice(index + 1));
    const size = sizes[index];
    const seed = gradientOf(d, node);
    if (before !== null && after !== null) {
      return g.slice(seed, { axis, start: before, ...(after === 0 ? {} : { end: -after }) });
    }
    if (before !== null && typeof size === 'number') return g.slice(seed, { axis, start: before, end: before + size });
    if (after !== null && typeof size === 'number') {
      return g.slice(seed, { axis, start: -after - size, ...(after === 0 ? {} : { end: -after }) });
    }
    throw new GradientUnsupportedError(node.name, 'a part lies between two parts of symbolic size');
  });
};

/** The parts' gradients side by side; a part that nothing reads counts as zeros. */
export const splitRule: VjpRule = (node, outputGradients) => [
  (g) =>
    g.concat(
      node.outputs.map((_, index) => outputGradients[index] ?? g.zerosLike(outputOf(node, index))),
      numberAttribute(node, 'axis'),
    ),
];

/** Zeros before and after the range. */
export const sliceRule = unary((g, d, { x, node }) => {
  const axis = numberAttribute(node, 'axis');
  const start = numberAttribute(node, 'start');
  const end = numberAttribute(node, 'end');
  const zeros = g.zerosLike(x);
  const before = start === 0 ? [] : [g.slice(zeros, { axis, end: start })];
  const reachesEnd = end > 0 && (end >= END_OF_AXIS || end === sizeOf(x, axis));
  const after = reachesEnd ? [] : [g.slice(zeros, { axis, start: end })];
  return g.reshapeLike(g.concat([...before, d, ...after], axis), x);
});

/** What Slice writes for "to the end". */
const END_OF_AXIS = 2 ** 31 - 1;

function withKeptAxes(g: GraphBuilder, value: Value, x: Value, node: Node): Value {
  const axes = integersAttribute(node, 'axes');
  return g.reshape(
    value,
    x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
  );
}

function countValue(g: GraphBuilder, count: string): Value {
  return g.reshape(g.sizes([count]), []);
}

function sizeOf(value: Value, axis: number): Dim {
  return present(value.shape[axis], `axis ${axis} of ${value.name}`);
}

/** The sum of sizes when all are numbers, else null. */
function totalOf(sizes: readonly Dim[]): number | null {
  return sizes.reduce<number | null>((sum, size) => (sum === null || typeof size !== 'number' ? null : sum + size), 0);
}
