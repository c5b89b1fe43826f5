/** @file Elementwise operations, as their definitions read. */
import { assert } from '#core';
import type { Node } from '../graph.js';
import type { ElementType } from '../value.js';
import { at, broadcastDims, build, type HostArray } from './host-array.js';
import { input, number, type Kernel } from './kernel.js';

/** f of one element. */
export function unary(f: (x: number) => number): Kernel {
  return (inputs, node) => {
    const { dims, data } = input(inputs, 0, node);
    return [{ dims, data: data.map(f) }];
  };
}

/** f of two elements that broadcasting brings together. */
export function binary(f: (a: number, b: number) => number): Kernel {
  return (inputs, node) => [broadcast((values) => f(values[0]!, values[1]!), present2(inputs, node))];
}

export const div: Kernel = (inputs, node) => {
  const dtype = node.outputs[0]?.dtype;
  const isInteger = dtype !== 'f32' && dtype !== 'f64';
  return binary((a, b) => (isInteger ? Math.trunc(a / b) : a / b))(inputs, node);
};

export const sum: Kernel = (inputs, node) => [
  broadcast(
    (values) => values.reduce((total, value) => total + value, 0),
    inputs.map((_, index) => input(inputs, index, node)),
  ),
];

export const where: Kernel = (inputs, node) => [
  broadcast(
    (values) => (values[0] === 0 ? values[2]! : values[1]!),
    [0, 1, 2].map((index) => input(inputs, index, node)),
  ),
];

export const cast: Kernel = (inputs, node) => {
  const to = node.outputs[0]?.dtype ?? 'f32';
  return unary(converters[to])(inputs, node);
};

/** Floats are not rounded to their type: the interpreter has one type, float64. */
const converters: { readonly [T in ElementType]: (x: number) => number } = {
  f32: (x) => x,
  f64: (x) => x,
  f16: (x) => x,
  bf16: (x) => x,
  i64: Math.trunc,
  i32: Math.trunc,
  u8: Math.trunc,
  bool: (x) => Number(x !== 0),
};

export const quickGelu: Kernel = (inputs, node) => unary((x) => x * sigmoid(number(node, 'alpha') * x))(inputs, node);

/** Exponentials are only taken of numbers that are not positive. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** log(1 + eˣ) in the form that cannot overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function broadcast(f: (values: readonly number[]) => number, arrays: readonly HostArray[]): HostArray {
  return build(broadcastDims(...arrays.map(({ dims }) => dims)), (index) => f(arrays.map((array) => at(array, index))));
}

function present2(inputs: readonly (HostArray | null)[], node: Node): readonly [HostArray, HostArray] {
  assert(inputs.length === 2, `${node.name} has two inputs`);
  return [input(inputs, 0, node), input(inputs, 1, node)];
}
