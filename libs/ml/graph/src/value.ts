/**
 * @file A value of a graph: what one node makes and others read, with its element type and shape known when it is made.
 *
 * `Value<'B T C'>` names the axes for the reader and the compiler; `expectAxes` makes that promise after checking it.
 * The letters are those of the legend in libs/ml/README.md.
 */
import { formatShape, sameDim, type Dim, type Shape } from './dims.js';
import { AxesMismatchError } from './graph.errors.js';

/**
 * Element types of graph values. `u8` holds packed quantised weights only; `f16` and `bf16` hold weights that stay on a
 * device, and what meets them in a product; `f64` is for sums that must not lose a draw.
 */
export type ElementType = 'f32' | 'f64' | 'f16' | 'bf16' | 'i64' | 'i32' | 'bool' | 'u8';

declare const axesOf: unique symbol;

/** An edge of a graph. `Axes` are the letters of its axes, outermost first, for instance `'B T C'`. */
export interface Value<Axes extends string = string> {
  /** Unique in its graph; an address such as `/model/layers.3/attn/q_proj/MatMul/output_0`. */
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: Shape;
  /** Exists for the compiler only. */
  readonly [axesOf]?: Axes;
}

/** Sizes that letters must have, for instance `{ B: 'B', C: 64 }`; letters left out may have any. */
export type AxisSizes = Readonly<Record<string, Dim>>;

/**
 * Promises the axes of a value after checking the rank and the given sizes.
 *
 * @throws AxesMismatchError (`AXES_MISMATCH`)
 */
export function expectAxes<const Axes extends string>(value: Value, axes: Axes, sizes: AxisSizes = {}): Value<Axes> {
  const letters = axes === '' ? [] : axes.split(' ');
  const agrees =
    letters.length === value.shape.length &&
    letters.every((letter, axis) => {
      const expected = sizes[letter];
      const got = value.shape[axis];
      return expected === undefined || (got !== undefined && sameDim(expected, got));
    });
  if (!agrees) {
    const expected = letters.map((letter) => (sizes[letter] === undefined ? letter : `${letter}=${sizes[letter]}`));
    throw new AxesMismatchError(value.name, `[${expected.join(', ')}]`, formatShape(value.shape));
  }
  return value as Value<Axes>;
}
