/**
 * @file Sizes of axes: numbers, or names that get their number when the graph runs.
 *
 * A symbolic size is a name (`B`), a product (`B*T`, `3*T`) or a sum (`(P+1)`) in one canonical spelling, so that equal
 * sizes are equal strings and a reshape can be checked before anything runs. One graph so serves every batch shape.
 */
import { ShapeMismatchError } from './graph.errors.js';

/** Size of one axis: a number, or a symbolic expression in canonical spelling. */
export type Dim = number | string;

/** Sizes of all axes, outermost first; empty for a scalar. */
export type Shape = readonly Dim[];

export function sameDim(a: Dim, b: Dim): boolean {
  return a === b;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The factors of a size: a number and sorted symbols, each a name or a parenthesised sum. */
export function factorsOf(dim: Dim): { readonly coefficient: number; readonly symbols: readonly string[] } {
  if (typeof dim === 'number') return { coefficient: dim, symbols: [] };
  let coefficient = 1;
  const symbols: string[] = [];
  for (const part of splitOutsideParentheses(dim, '*')) {
    if (/^-?\d+$/.test(part)) coefficient *= Number(part);
    else symbols.push(part);
  }
  return { coefficient, symbols: symbols.toSorted() };
}

/** Product of sizes: `productOf([3, 'T'])` is `3*T`. */
export function productOf(dims: readonly Dim[]): Dim {
  let coefficient = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    const factors = factorsOf(dim);
    coefficient *= factors.coefficient;
    symbols.push(...factors.symbols);
  }
  if (symbols.length === 0 || coefficient === 0) return coefficient;
  const sorted = symbols.toSorted();
  return (coefficient === 1 ? sorted : [coefficient, ...sorted]).join('*');
}

/** The terms of a sum such as `(P+-1)`; any other size is its own single term. */
export function termsOf(dim: Dim): readonly Dim[] {
  if (typeof dim === 'number' || !isSum(dim)) return [dim];
  return splitOutsideParentheses(dim.slice(1, -1), '+').map((term) => (/^-?\d+$/.test(term) ? Number(term) : term));
}

/** Sum of sizes: `sumOf(['P', 1])` is `(P+1)`. */
export function sumOf(dims: readonly Dim[]): Dim {
  let constant = 0;
  const symbols: string[] = [];
  for (const term of dims.flatMap(termsOf)) {
    if (typeof term === 'number') constant += term;
    else symbols.push(term);
  }
  if (symbols.length === 0) return constant;
  const terms: Dim[] = [...symbols.toSorted(), ...(constant === 0 ? [] : [constant])];
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : `(${terms.join('+')})`;
}

/** The number that a size stands for, given the numbers of its symbols. */
export function resolveDim(dim: Dim, sizeOf: (symbol: string) => number): number {
  if (typeof dim === 'number') return dim;
  if (isSum(dim)) return termsOf(dim).reduce<number>((sum, term) => sum + resolveDim(term, sizeOf), 0);
  const { coefficient, symbols } = factorsOf(dim);
  return symbols.reduce(
    (product, symbol) => product * (isSum(symbol) ? resolveDim(symbol, sizeOf) : sizeOf(symbol)),
    coefficient,
  );
}

/** True for a size that is one parenthesised sum. */
export function isSum(dim: string): boolean {
  return dim.startsWith('(') && splitOutsideParentheses(dim, '*').length === 1;
}

/**
 * NumPy's broadcasting: axes are aligned at the end, and a size of 1 stretches.
 *
 * @throws ShapeMismatchError (`SHAPE_MISMATCH`) where two sizes differ and neither is 1. A symbolic size never
 * stretches: it would depend on the feeds whether the graph is right.
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ShapeMismatchError(where, `shapes that broadcast`, `${formatShape(a)} and ${formatShape(b)}`);
  });
}

/** Turns an axis counted from the end (-1 is the last) into one counted from the start. */
export function axisOf(axis: number, shape: Shape, where: string): number {
  const normalised = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || normalised < 0 || normalised >= shape.length) {
    throw new ShapeMismatchError(where, `an axis of ${formatShape(shape)}`, String(axis));
  }
  return normalised;
}

function splitOutsideParentheses(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
