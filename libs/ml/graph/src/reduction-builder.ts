/** @file Operations that reduce axes, normalise along one, or select from one. */
import { present } from '#core';
import { axisOf, broadcastShapes, formatShape, sameDim, sameShape, type Shape } from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import { dimAt, ShapeBuilder } from './shape-builder.js';
import type { Value } from './value.js';

export interface ReduceOptions {
  /** Keep reduced axes with size 1. @default false */
  readonly keepDims?: boolean;
}

export interface CumSumOptions {
  /** Each sum leaves its own element out. @default false */
  readonly exclusive?: boolean;
  /** Sums from the end. @default false */
  readonly reverse?: boolean;
}

export abstract class ReductionBuilder extends ShapeBuilder {
  reduceSum(x: Value, axes: readonly number[], options: ReduceOptions = {}): Value {
    return this.reduce('ReduceSum', x, axes, options);
  }

  reduceMean(x: Value, axes: readonly number[], options: ReduceOptions = {}): Value {
    return this.reduce('ReduceMean', x, axes, options);
  }

  reduceMax(x: Value, axes: readonly number[], options: ReduceOptions = {}): Value {
    return this.reduce('ReduceMax', x, axes, options);
  }

  /** The transpose of broadcasting: sums whatever `expand` to the shape of `x` would have repeated. */
  sumTo(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    const stretched = broadcastShapes(shape, x.shape, `${this.path}/sumTo`);
    if (!sameShape(stretched, x.shape)) {
      throw new ShapeMismatchError(
        `${this.path}/sumTo`,
        `a shape that broadcasts to ${formatShape(x.shape)}`,
        formatShape(shape),
      );
    }
    const lead = x.shape.length - shape.length;
    const axes = x.shape.flatMap((dim, axis) => {
      const target = shape[axis - lead];
      return target === undefined || !sameDim(dim, target) ? [axis] : [];
    });
    return this.reshape(this.reduceSum(x, axes, { keepDims: true }), shape);
  }

  /** eˣ / Σ eˣ along the last axis, in a form that cannot overflow. */
  softmax<A extends string>(x: Value<A>): Value<A> {
    this.expectType('Softmax', x, 'f32');
    return this.single('Softmax', [x], 'f32', x.shape, { axis: -1 }) as Value<A>;
  }

  /** x − log Σ eˣ along the last axis, in a form that cannot overflow. */
  logSoftmax<A extends string>(x: Value<A>): Value<A> {
    this.expectType('LogSoftmax', x, 'f32');
    return this.single('LogSoftmax', [x], 'f32', x.shape, { axis: -1 }) as Value<A>;
  }

  /** Sums of all elements up to each one along an axis. */
  cumSum(x: Value, axis: number, { exclusive = false, reverse = false }: CumSumOptions = {}): Value {
    this.expectType('CumSum', x, 'f32', 'f64');
    const along = axisOf(axis, x.shape, `${this.path}/CumSum`);
    const attributes = { axis: along, exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    return this.single('CumSum', [x, this.scalar(along, 'i64')], x.dtype, x.shape, attributes);
  }

  /** Index of the largest element along an axis; the lowest of equals. */
  argMax(x: Value, axis: number, { keepDims = false }: ReduceOptions = {}): Value {
    const along = axisOf(axis, x.shape, `${this.path}/ArgMax`);
    const shape = reducedShape(x.shape, [along], keepDims);
    return this.single('ArgMax', [x], 'i64', shape, { axis: along, keepdims: keepDims ? 1 : 0 });
  }

  /** The `count` largest elements along the last axis, largest first, and where they stood. */
  topK(x: Value, count: number): { readonly values: Value; readonly indices: Value } {
    const size = dimAt(x, -1);
    if (typeof size === 'number' && count > size) {
      throw new ShapeMismatchError(`${this.path}/TopK of ${x.name}`, `at most ${size} elements`, String(count));
    }
    const shape = x.shape.with(-1, count);
    const [values, indices] = this.node(
      'TopK',
      [x, this.integers([count])],
      [
        { dtype: x.dtype, shape },
        { dtype: 'i64', shape },
      ],
      { axis: -1, largest: 1, sorted: 1 },
    );
    return { values: present(values, 'values'), indices: present(indices, 'indices') };
  }

  private reduce(
    op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax',
    x: Value,
    axes: readonly number[],
    { keepDims = false }: ReduceOptions,
  ): Value {
    this.expectType(op, x, 'f32', 'f64', 'i64', 'i32');
    if (axes.length === 0) return x; // ONNX reads an empty list as "all axes"
    const normalised = axes.map((axis) => axisOf(axis, x.shape, `${this.path}/${op}`));
    const shape = reducedShape(x.shape, normalised, keepDims);
    return this.single(op, [x, this.integers(normalised)], x.dtype, shape, {
      axes: normalised,
      keepdims: keepDims ? 1 : 0,
    });
  }
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return keepDims
    ? shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : shape.filter((_, i) => !axes.includes(i));
}
