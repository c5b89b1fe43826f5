/** @file Operations that read and write elements by index. Indices are i64. */
import { axisOf, formatShape, sameShape } from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import { ReductionBuilder } from './reduction-builder.js';
import type { Value } from './value.js';

/** What happens where an update meets an element: it takes its place, or is added to it. */
export type Reduction = 'none' | 'add';

export abstract class IndexingBuilder extends ReductionBuilder {
  /** Slices of `x` along an axis: the result's shape is x[..axis] + indices + x[axis+1..]. */
  gather(x: Value, indices: Value, axis = 0): Value {
    this.expectType('Gather', indices, 'i64', 'i32');
    const along = axisOf(axis, x.shape, `${this.path}/Gather`);
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    return this.single('Gather', [x, indices], x.dtype, shape, { axis: along });
  }

  /** One element per index along an axis; the result has the shape of `indices`. */
  gatherElements(x: Value, indices: Value, axis: number): Value {
    this.expectType('GatherElements', indices, 'i64', 'i32');
    const along = axisOf(axis, x.shape, `${this.path}/GatherElements`);
    this.expectShape('GatherElements', indices, x.shape.with(along, indices.shape[along] ?? 1));
    return this.single('GatherElements', [x, indices], x.dtype, indices.shape, { axis: along });
  }

  /** `data` with the rows that `indices` [N, 1] name replaced by, or increased by, `updates` [N, …]. */
  scatterRows(data: Value, indices: Value, updates: Value, reduction: Reduction): Value {
    this.expectType('ScatterND', indices, 'i64');
    const rows = indices.shape.slice(0, -1);
    this.expectShape('ScatterND', indices, [...rows, 1]);
    this.expectShape('ScatterND', updates, [...rows, ...data.shape.slice(1)]);
    return this.single('ScatterND', [data, indices, updates], data.dtype, data.shape, { reduction });
  }

  /** `data` with one element per index along an axis replaced or increased. */
  scatterElements(data: Value, indices: Value, updates: Value, options: { axis: number; reduction: Reduction }): Value {
    this.expectType('ScatterElements', indices, 'i64', 'i32');
    const axis = axisOf(options.axis, data.shape, `${this.path}/ScatterElements`);
    this.expectShape('ScatterElements', updates, indices.shape);
    const attributes = { axis, reduction: options.reduction };
    return this.single('ScatterElements', [data, indices, updates], data.dtype, data.shape, attributes);
  }

  private expectShape(op: string, value: Value, expected: Value['shape']): void {
    if (sameShape(value.shape, expected)) return;
    throw new ShapeMismatchError(
      `${this.path}/${op} of ${value.name}`,
      formatShape(expected),
      formatShape(value.shape),
    );
  }
}
