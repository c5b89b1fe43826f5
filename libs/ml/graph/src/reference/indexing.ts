/** @file Reading and writing by index, as their definitions read. */
import { elementCount } from '#core';
import { at, build, positionOf, type HostArray } from './host-array.js';
import { axisOf, input, type Kernel } from './kernel.js';

export const gather: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const indices = input(inputs, 1, node);
  const axis = axisOf(node, x.dims.length);
  const rank = indices.dims.length;
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return [
    build(dims, (index) => {
      const where = counted(at(indices, index.slice(axis, axis + rank)), x.dims[axis]!);
      return at(x, [...index.slice(0, axis), where, ...index.slice(axis + rank)]);
    }),
  ];
};

export const gatherElements: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const indices = input(inputs, 1, node);
  const axis = axisOf(node, x.dims.length);
  return [build(indices.dims, (index) => at(x, index.with(axis, counted(at(indices, index), x.dims[axis]!))))];
};

/** Indices [N…, 1] name rows of data. */
export const scatterRows: Kernel = (inputs, node) => {
  const data = input(inputs, 0, node);
  const indices = input(inputs, 1, node);
  const updates = input(inputs, 2, node);
  const result = data.data.slice();
  const width = elementCount(data.dims.slice(1));
  for (const [row, where] of indices.data.entries()) {
    const start = counted(where, data.dims[0]!) * width;
    for (let column = 0; column < width; column++) {
      write(result, start + column, updates.data[row * width + column]!, node.attributes['reduction']);
    }
  }
  return [{ dims: data.dims, data: result }];
};

export const scatterElements: Kernel = (inputs, node) => {
  const data = input(inputs, 0, node);
  const indices = input(inputs, 1, node);
  const updates: HostArray = input(inputs, 2, node);
  const axis = axisOf(node, data.dims.length);
  const result = data.data.slice();
  build(indices.dims, (index) => {
    const target = index.with(axis, counted(at(indices, index), data.dims[axis]!));
    write(result, positionOf(data.dims, target), at(updates, index), node.attributes['reduction']);
    return 0;
  });
  return [{ dims: data.dims, data: result }];
};

function write(target: Float64Array, position: number, value: number, reduction: unknown): void {
  target[position] = reduction === 'add' ? target[position]! + value : value;
}

/** An index, counted from the end when negative. */
function counted(index: number, size: number): number {
  return index < 0 ? index + size : index;
}
