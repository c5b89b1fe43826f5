/** @file Operations that move elements without changing them. Reading sizes at run time is done here, never by callers. */
import { assert, present } from '#core';
import { ElementwiseBuilder } from './elementwise-builder.js';
import {
  axisOf,
  broadcastShapes,
  formatShape,
  productOf,
  sameDim,
  sameShape,
  sumOf,
  type Dim,
  type Shape,
} from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import type { Value } from './value.js';

/** The end of an axis, whatever its size, as ONNX's Slice spells it. */
const TO_THE_END = 2 ** 31 - 1;

export interface SliceOptions {
  readonly axis: number;
  /** First element, counted from the end when negative. @default 0 */
  readonly start?: number;
  /** Element after the last one, counted from the end when negative. @default the end of the axis */
  readonly end?: number;
}

export abstract class ShapeBuilder extends ElementwiseBuilder {
  /** The same elements in another shape. Sizes may be symbolic; only their product has to agree. */
  reshape(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    if (!sameDim(productOf(x.shape), productOf(shape))) {
      const expected = `a shape of ${productOf(x.shape)} elements for ${formatShape(x.shape)}`;
      throw new ShapeMismatchError(`${this.path}/Reshape of ${x.name}`, expected, formatShape(shape));
    }
    return this.single('Reshape', [x, this.reshapeTarget(x.shape, shape)], x.dtype, shape);
  }

  /** The elements of `x` in the shape of `like`. */
  reshapeLike(x: Value, like: Value): Value {
    return this.reshape(x, like.shape);
  }

  /** All axes but the last in one. */
  flattenRows(x: Value): Value {
    assert(x.shape.length >= 1, `${x.name} is a scalar: it has no rows`);
    return this.reshape(x, [productOf(x.shape.slice(0, -1)), present(x.shape.at(-1), 'last axis')]);
  }

  /** Axis `i` of the result is axis `perm[i]` of `x`. */
  transpose(x: Value, perm: readonly number[]): Value {
    const isPermutation = perm.length === x.shape.length && perm.toSorted((a, b) => a - b).every((p, i) => p === i);
    if (!isPermutation) {
      throw new ShapeMismatchError(`${this.path}/Transpose`, `an order of ${x.shape.length} axes`, formatShape(perm));
    }
    if (perm.every((axis, index) => axis === index)) return x;
    return this.single(
      'Transpose',
      [x],
      x.dtype,
      perm.map((axis) => dimAt(x, axis)),
      { perm },
    );
  }

  /** Repeats `x` to a shape that it broadcasts to. */
  expand(x: Value, shape: Shape): Value {
    if (sameShape(x.shape, shape)) return x;
    const result = broadcastShapes(x.shape, shape, `${this.path}/Expand`);
    if (!sameShape(result, shape)) {
      throw new ShapeMismatchError(`${this.path}/Expand of ${x.name}`, formatShape(shape), formatShape(result));
    }
    return this.single('Expand', [x, this.sizes(shape)], x.dtype, shape);
  }

  /** A tensor of one repeated number. */
  constant(shape: Shape, value: number, dtype: 'f32' | 'i64' | 'i32' = 'f32'): Value {
    return this.single('ConstantOfShape', [this.sizes(shape)], dtype, shape, { value });
  }

  /** Zeros in the shape of `x`. */
  zerosLike(x: Value): Value {
    return this.constant(x.shape, 0);
  }

  concat(values: readonly Value[], axis: number): Value {
    const first = present(values[0], 'the first of the values to concatenate');
    if (values.length === 1) return first;
    const along = axisOf(axis, first.shape, `${this.path}/Concat`);
    for (const value of values) {
      const agrees = value.shape.length === first.shape.length && value.dtype === first.dtype;
      if (agrees && value.shape.every((dim, i) => i === along || sameDim(dim, dimAt(first, i)))) continue;
      const expected = `${first.dtype}${formatShape(first.shape)} except along axis ${along}`;
      throw new ShapeMismatchError(`${this.path}/Concat`, expected, `${value.dtype}${formatShape(value.shape)}`);
    }
    const shape = first.shape.with(along, sumOf(values.map((value) => dimAt(value, along))));
    return this.single('Concat', values, first.dtype, shape, { axis: along });
  }

  /** Cuts an axis into parts of the given sizes. */
  split(x: Value, parts: readonly number[], axis: number): readonly Value[] {
    const along = axisOf(axis, x.shape, `${this.path}/Split`);
    if (!sameDim(sumOf(parts), dimAt(x, along))) {
      throw new ShapeMismatchError(`${this.path}/Split of ${x.name}`, `parts of ${dimAt(x, along)}`, parts.join(' + '));
    }
    const outputs = parts.map((part) => ({ dtype: x.dtype, shape: x.shape.with(along, part) }));
    return this.node('Split', [x, this.integers(parts)], outputs, { axis: along, parts }).map((part) =>
      present(part, 'part'),
    );
  }

  /** A range of one axis. A symbolic axis must be at least as long as the range asks for. */
  slice(x: Value, { axis, start = 0, end }: SliceOptions): Value {
    const along = axisOf(axis, x.shape, `${this.path}/Slice`);
    const bounds = [this.integers([start]), this.integers([end ?? TO_THE_END]), this.integers([along])];
    const shape = x.shape.with(along, slicedDim(dimAt(x, along), start, end));
    return this.single('Slice', [x, ...bounds], x.dtype, shape, { axis: along, start, end: end ?? TO_THE_END });
  }

  /** Run-time constants are cheaper than sizes: 0 copies a size of the source, -1 stands for the one that remains. */
  private reshapeTarget(source: Shape, target: Shape): Value {
    const numbers = target.map((dim, axis) => {
      if (typeof dim === 'number') return dim;
      return source[axis] === dim ? 0 : -1;
    });
    return numbers.filter((size) => size === -1).length > 1 ? this.sizes(target) : this.integers(numbers);
  }
}

/** The size of an axis that is known to exist. */
export function dimAt(value: Value, axis: number): Dim {
  return present(value.shape.at(axis), `axis ${axis} of ${value.name} ${formatShape(value.shape)}`);
}

function slicedDim(dim: Dim, start: number, end: number | undefined): Dim {
  if (typeof dim === 'number') {
    const from = Math.min(start < 0 ? Math.max(0, start + dim) : start, dim);
    const to = end === undefined ? dim : Math.min(end < 0 ? end + dim : end, dim);
    return Math.max(0, to - from);
  }
  const from: readonly Dim[] = start < 0 ? [dim, start] : [start];
  const to: readonly Dim[] = end === undefined ? [dim] : end < 0 ? [dim, end] : [end];
  const fromDim = sumOf(from);
  // Equal symbols cancel: from T-3 to T is 3 elements, whatever T is.
  if (typeof fromDim === 'string') {
    const toConstant = end === undefined ? 0 : end;
    assert(end === undefined || end < 0, `slice of the symbolic axis ${dim} from ${start} to ${end}`);
    return toConstant - start;
  }
  return sumOf([...to, -fromDim]);
}
