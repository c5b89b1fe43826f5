/** @file Arrays of the reference interpreter: every element type as float64, so that finite differences are sharp. */
import { assert, elementCount } from '#core';

export interface HostArray {
  readonly dims: readonly number[];
  /** Row-major; integers and truth values (0, 1) are numbers too. */
  readonly data: Float64Array;
}

export function hostArray(dims: readonly number[], data: ArrayLike<number>): HostArray {
  assert(elementCount(dims) === data.length, `shape [${dims.join(', ')}] does not hold ${data.length} elements`);
  return { dims, data: Float64Array.from(data) };
}

/** An array whose element at each index is `element(index)`; `index` is the position on every axis. */
export function build(dims: readonly number[], element: (index: readonly number[]) => number): HostArray {
  const data = new Float64Array(elementCount(dims));
  const index = dims.map(() => 0);
  for (let position = 0; position < data.length; position++) {
    data[position] = element(index);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < dims[axis]!) break;
      index[axis] = 0;
    }
  }
  return { dims, data };
}

/** The element at an index. Axes that the array lacks in front are skipped, and axes of size 1 repeat. */
export function at({ dims, data }: HostArray, index: readonly number[]): number {
  const lead = index.length - dims.length;
  let position = 0;
  for (let axis = 0; axis < dims.length; axis++) {
    const size = dims[axis]!;
    const where = size === 1 ? 0 : index[axis + lead]!;
    assert(where >= 0 && where < size, `index [${index.join(', ')}] of shape [${dims.join(', ')}]`);
    position = position * size + where;
  }
  return data[position]!;
}

/** Position of an index in the data of an array of that shape. */
export function positionOf(dims: readonly number[], index: readonly number[]): number {
  return index.reduce((position, where, axis) => position * dims[axis]! + where, 0);
}

/** NumPy's broadcasting of run-time shapes. */
export function broadcastDims(...shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    assert(
      sizes.every((other) => other === 1 || other === size),
      `shapes that broadcast: ${sizes.join(', ')}`,
    );
    return size;
  });
}

/** The integers of a vector, such as axes or a target shape. */
export function integersOf({ data }: HostArray): readonly number[] {
  return [...data];
}
