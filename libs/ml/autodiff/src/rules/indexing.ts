/** @file Gradients of reading and writing by index: reading scatters back, writing gathers back. */
import { present } from '#core';
import { gradientOf, inputOf, numberAttribute, type VjpRule } from '../rule.js';

/** y = x[indices]: each read element gets the sum of the gradients of its readings. */
export const gatherRule: VjpRule = (node, [d]) => {
  const x = inputOf(node, 0);
  const indices = inputOf(node, 1);
  const axis = numberAttribute(node, 'axis');
  return [
    (g) => {
      const rows = g.reshape(g.cast(indices, 'i64'), [...indices.shape, 1]);
      // The indexed axes come first, as ScatterND wants them; then back to the order of x.
      const seed = gradientOf(d, node);
      const indexAxes = indices.shape.map((_, index) => axis + index);
      const otherAxes = seed.shape.map((_, index) => index).filter((index) => !indexAxes.includes(index));
      const front = [axis, ...x.shape.map((_, index) => index).filter((index) => index !== axis)];
      const zeros = g.constant(
        front.map((index) => present(x.shape[index], 'axis of x')),
        0,
      );
      const sums = g.scatterRows(zeros, rows, g.transpose(seed, [...indexAxes, ...otherAxes]), 'add');
      return g.transpose(
        sums,
        front.map((_, index) => front.indexOf(index)),
      );
    },
    null,
  ];
};

/** y[i] = x[indices[i]] along one axis: the same, element by element. */
export const gatherElementsRule: VjpRule = (node, [d]) => {
  const x = inputOf(node, 0);
  const indices = inputOf(node, 1);
  const axis = numberAttribute(node, 'axis');
  return [(g) => g.scatterElements(g.zerosLike(x), indices, gradientOf(d, node), { axis, reduction: 'add' }), null];
};

/**
 * y = data with rows replaced or increased: an increased row passes its gradient to both, a replaced one only to its
 * update. Where rows are replaced, the indices must differ from each other.
 */
export const scatterRowsRule: VjpRule = (node, [d]) => {
  const indices = inputOf(node, 1);
  const updates = inputOf(node, 2);
  return [
    (g) => {
      const seed = gradientOf(d, node);
      if (node.attributes['reduction'] === 'add') return seed;
      return g.scatterRows(seed, indices, g.zerosLike(updates), 'none');
    },
    null,
    (g) => g.gather(gradientOf(d, node), g.reshape(indices, indices.shape.slice(0, -1))),
  ];
};

/** The same, element by element. */
export const scatterElementsRule: VjpRule = (node, [d]) => {
  const indices = inputOf(node, 1);
  const updates = inputOf(node, 2);
  const axis = numberAttribute(node, 'axis');
  return [
    (g) => {
      const seed = gradientOf(d, node);
      if (node.attributes['reduction'] === 'add') return seed;
      return g.scatterElements(seed, indices, g.zerosLike(updates), { axis, reduction: 'none' });
    },
    null,
    (g) => g.gatherElements(gradientOf(d, node), indices, axis),
  ];
};
