/** @file Operations on shapes, as their definitions read. */
import { assert, elementCount } from '#core';
import { at, broadcastDims, build, integersOf } from './host-array.js';
import { axisOf, input, number, type Kernel } from './kernel.js';
import { transpose as transposed } from './matrices.js';

export const shape: Kernel = (inputs, node) => {
  const { dims } = input(inputs, 0, node);
  const part = dims.slice(number(node, 'start', 0), number(node, 'end', dims.length));
  return [{ dims: [part.length], data: Float64Array.from(part) }];
};

/** 0 copies a size of the source, -1 is what remains. */
export const reshape: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const target = integersOf(input(inputs, 1, node)).map((size, axis) => (size === 0 ? x.dims[axis]! : size));
  const known = elementCount(target.filter((size) => size !== -1));
  const dims = target.map((size) => (size === -1 ? x.data.length / known : size));
  assert(elementCount(dims) === x.data.length, `${node.name}: [${x.dims.join(', ')}] as [${dims.join(', ')}]`);
  return [{ dims, data: x.data }];
};

export const transpose: Kernel = (inputs, node) => [
  transposed(input(inputs, 0, node), node.attributes['perm'] as readonly number[]),
];

export const expand: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const dims = broadcastDims(x.dims, integersOf(input(inputs, 1, node)));
  return [build(dims, (index) => at(x, index))];
};

export const constantOfShape: Kernel = (inputs, node) => [
  build(integersOf(input(inputs, 0, node)), () => number(node, 'value')),
];

export const concat: Kernel = (inputs, node) => {
  const parts = inputs.map((_, index) => input(inputs, index, node));
  const first = input(inputs, 0, node);
  const axis = axisOf(node, first.dims.length);
  const length = parts.reduce((sum, { dims }) => sum + dims[axis]!, 0);
  return [
    build(first.dims.with(axis, length), (index) => {
      let where = index[axis]!;
      for (const part of parts) {
        if (where < part.dims[axis]!) return at(part, index.with(axis, where));
        where -= part.dims[axis]!;
      }
      return Number.NaN;
    }),
  ];
};

export const split: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const axis = axisOf(node, x.dims.length);
  let start = 0;
  return integersOf(input(inputs, 1, node)).map((size) => {
    const from = start;
    start += size;
    return build(x.dims.with(axis, size), (index) => at(x, index.with(axis, index[axis]! + from)));
  });
};

export const slice: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const bound = (index: number): number => integersOf(input(inputs, index, node))[0] ?? 0;
  const [start, end, axis] = [bound(1), bound(2), bound(3)];
  const size = x.dims[axis]!;
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  const length = Math.max(0, clamp(end) - clamp(start));
  return [build(x.dims.with(axis, length), (index) => at(x, index.with(axis, index[axis]! + clamp(start))))];
};
