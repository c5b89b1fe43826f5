/** @file Operations that work element by element, with NumPy's broadcasting. A number stands for a constant. */
import { assert, present } from '#core';
import { broadcastShapes, formatShape, sameShape } from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import { NodeBuilder, type Operand } from './node-builder.js';
import type { OpType } from './operators.js';
import type { ElementType, Value } from './value.js';

/** ONNX's numbers for element types. */
export const ONNX_TYPES: { readonly [T in ElementType]: number } = {
  f32: 1,
  u8: 2,
  i32: 6,
  i64: 7,
  bool: 9,
  f16: 10,
  f64: 11,
  bf16: 16,
};

export abstract class ElementwiseBuilder extends NodeBuilder {
  add(a: Operand, b: Operand): Value {
    return this.binary('Add', a, b);
  }

  sub(a: Operand, b: Operand): Value {
    return this.binary('Sub', a, b);
  }

  mul(a: Operand, b: Operand): Value {
    return this.binary('Mul', a, b);
  }

  div(a: Operand, b: Operand): Value {
    return this.binary('Div', a, b);
  }

  /** Sum of values of one shape. */
  sum(values: readonly Value[]): Value {
    const first = present(values[0], 'the first of the values to sum');
    if (values.length === 1) return first;
    for (const value of values) {
      if (sameShape(value.shape, first.shape)) continue;
      throw new ShapeMismatchError(`${this.path}/Sum`, formatShape(first.shape), formatShape(value.shape));
    }
    if (values.length === 2) return this.add(first, present(values[1], 'the second value'));
    return this.single('Sum', values, first.dtype, first.shape);
  }

  neg<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Neg', x);
  }

  exp<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Exp', x);
  }

  log<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Log', x);
  }

  sqrt<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Sqrt', x);
  }

  reciprocal<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Reciprocal', x);
  }

  tanh<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Tanh', x);
  }

  sigmoid<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Sigmoid', x);
  }

  /** log(1 + eˣ), stable at both ends. */
  softplus<A extends string>(x: Value<A>): Value<A> {
    return this.unary('Softplus', x);
  }

  /** log σ(x) = −softplus(−x): stable at both ends, unlike the logarithm of a sigmoid. */
  logSigmoid<A extends string>(x: Value<A>): Value<A> {
    const g = this.scope('logSigmoid');
    return g.neg(g.softplus(g.neg(x)));
  }

  /** x σ(αx); with α = 1 this is SiLU. */
  quickGelu<A extends string>(x: Value<A>, alpha: number): Value<A> {
    this.expectType('QuickGelu', x, 'f32');
    return this.single('QuickGelu', [x], 'f32', x.shape, { alpha }) as Value<A>;
  }

  /** The same value; its gradient passes. */
  identity<A extends string>(x: Value<A>): Value<A> {
    return this.single('Identity', [x], x.dtype, x.shape) as Value<A>;
  }

  /** The same value, a constant to the gradient: backward does not cross it. */
  stopGradient<A extends string>(x: Value<A>): Value<A> {
    return this.single('StopGradient', [x], x.dtype, x.shape) as Value<A>;
  }

  /** Converts elements; true becomes 1. */
  cast<A extends string>(x: Value<A>, to: ElementType): Value<A> {
    if (x.dtype === to) return x;
    return this.single('Cast', [x], to, x.shape, { to: ONNX_TYPES[to] }) as Value<A>;
  }

  equal(a: Operand, b: Operand): Value<string> {
    return this.comparison('Equal', a, b);
  }

  less(a: Operand, b: Operand): Value<string> {
    return this.comparison('Less', a, b);
  }

  greater(a: Operand, b: Operand): Value<string> {
    return this.comparison('Greater', a, b);
  }

  and(a: Value, b: Value): Value {
    this.expectType('And', a, 'bool');
    return this.comparison('And', a, b);
  }

  not<A extends string>(x: Value<A>): Value<A> {
    this.expectType('Not', x, 'bool');
    return this.single('Not', [x], 'bool', x.shape) as Value<A>;
  }

  /** `a` where the condition holds, else `b`; all three broadcast. */
  where(condition: Value, a: Operand, b: Operand): Value {
    this.expectType('Where', condition, 'bool');
    const [left, right] = this.pair('Where', a, b);
    const shape = broadcastShapes(broadcastShapes(left.shape, right.shape, this.path), condition.shape, this.path);
    return this.single('Where', [condition, left, right], left.dtype, shape);
  }

  private unary<A extends string>(op: OpType, x: Value<A>): Value<A> {
    this.expectType(op, x, 'f32', 'f64');
    return this.single(op, [x], x.dtype, x.shape) as Value<A>;
  }

  private binary(op: OpType, a: Operand, b: Operand): Value {
    const [left, right] = this.pair(op, a, b);
    this.expectType(op, left, 'f32', 'f64', 'i64', 'i32');
    return this.single(op, [left, right], left.dtype, broadcastShapes(left.shape, right.shape, `${this.path}/${op}`));
  }

  private comparison(op: OpType, a: Operand, b: Operand): Value {
    const [left, right] = this.pair(op, a, b);
    return this.single(op, [left, right], 'bool', broadcastShapes(left.shape, right.shape, `${this.path}/${op}`));
  }

  private pair(op: OpType, a: Operand, b: Operand): readonly [Value, Value] {
    assert(typeof a !== 'number' || typeof b !== 'number', `${this.path}/${op} of two numbers: compute it beforehand`);
    const left = this.lift(a, b);
    const right = this.lift(b, a);
    this.expectType(op, right, left.dtype);
    return [left, right];
  }
}
