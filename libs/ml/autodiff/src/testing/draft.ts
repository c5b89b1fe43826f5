/** @file Builds a small graph and its feeds together, from a seed: what gradient checks and parity tests run. */
import { elementCount, present, Rng } from '#core';
import {
  GraphBuilder,
  hostArray,
  resolveDim,
  type Dim,
  type ElementType,
  type HostArray,
  type Shape,
  type Value,
} from '#ml/graph';
import { backward } from '../backward.js';

/** What a case builds: the values whose elements, weighted at random, make up the loss. */
export type Case = (g: GraphBuilder, draw: Draw) => readonly Value[];

/** A graph with outputs `y0`, `y1`, …, `loss` and `grad.<input>`, and feeds for its inputs. */
export interface Draft {
  readonly graph: GraphBuilder['graph'];
  readonly feeds: ReadonlyMap<string, HostArray>;
  /** Inputs with respect to which the loss is differentiated. */
  readonly differentiated: readonly string[];
}

/** Draws inputs. Symbolic sizes get their number from the seed, the same wherever they stand. */
export class Draw {
  readonly feeds = new Map<string, HostArray>();
  readonly real: Value[] = [];
  private readonly sizes = new Map<string, number>();

  constructor(
    private readonly g: GraphBuilder,
    private readonly rng: Rng,
  ) {}

  /** Normal numbers, differentiated. */
  normal(shape: Shape, scale = 1): Value {
    return this.differentiated(shape, () => scale * this.rng.normal());
  }

  /** Numbers in [0.5, 2), differentiated. */
  positive(shape: Shape): Value {
    return this.differentiated(shape, () => 0.5 + 1.5 * this.rng.uniform());
  }

  /** Numbers that differ by at least 0.1, differentiated: a largest one stays the largest. */
  distinct(shape: Shape): Value {
    const count = elementCount(this.dimsOf(shape));
    const order = this.rng.shuffled(Array.from({ length: count }, (_, index) => index));
    return this.differentiated(shape, (index) => 0.1 * present(order[index], 'element'));
  }

  /** Normal numbers that count as constants. */
  fixed(shape: Shape, scale = 1): Value {
    return this.input('f32', shape, () => scale * this.rng.normal());
  }

  /** The numbers that `element` gives; constants. */
  given(dtype: ElementType, shape: Shape, element: (index: number) => number): Value {
    return this.input(dtype, shape, element);
  }

  /** Integers in [0, below). */
  indices(shape: Shape, below: Dim): Value {
    return this.input('i64', shape, () => this.rng.below(this.sizeOf(below)));
  }

  /** The first integers of a random order of [0, below): no two are equal. */
  distinctIndices(count: number, below: number): Value {
    const order = this.rng.shuffled(Array.from({ length: below }, (_, index) => index));
    return this.input('i64', [count, 1], (index) => present(order[index], 'index'));
  }

  truth(shape: Shape): Value {
    return this.input('bool', shape, () => this.rng.below(2));
  }

  private differentiated(shape: Shape, element: (index: number) => number): Value {
    const value = this.input('f32', shape, element);
    this.real.push(value);
    return value;
  }

  private input(dtype: ElementType, shape: Shape, element: (index: number) => number): Value {
    const dims = this.dimsOf(shape);
    const numbers = Array.from({ length: elementCount(dims) }, (_, index) => element(index));
    const name = `x${this.feeds.size}`;
    // Elements that float32 holds exactly, so that both engines get the same numbers.
    this.feeds.set(name, hostArray(dims, dtype === 'f32' ? numbers.map(Math.fround) : numbers));
    return this.g.input(name, dtype, shape);
  }

  private dimsOf(shape: Shape): readonly number[] {
    return shape.map((dim) => this.sizeOf(dim));
  }

  private sizeOf(dim: Dim): number {
    return resolveDim(dim, (symbol) => {
      const size = this.sizes.get(symbol) ?? 2 + this.rng.below(3);
      this.sizes.set(symbol, size);
      return size;
    });
  }
}

/** Builds a case, a scalar loss over what it makes, and the gradients of that loss. */
export function draft(build: Case, seed: number): Draft {
  const g = GraphBuilder.create();
  const draw = new Draw(g, new Rng('draft', seed));
  const made = build(g.scope('case'), draw);
  for (const [index, value] of made.entries()) g.output(`y${index}`, value);
  if (draw.real.length === 0) return { graph: g.graph, feeds: draw.feeds, differentiated: [] };

  const wrt = [...draw.real];
  const loss = g.scope('loss');
  const terms = made
    .filter(({ dtype }) => dtype === 'f32')
    .map((value) =>
      loss.reduceSum(
        loss.mul(value, draw.fixed(value.shape)),
        value.shape.map((_, axis) => axis),
      ),
    );
  const sum = loss.sum(terms);
  g.output('loss', sum);
  for (const [index, gradient] of backward(g, sum, wrt).entries()) {
    g.output(`grad.${present(wrt[index], 'input').name}`, gradient);
  }
  return { graph: g.graph, feeds: draw.feeds, differentiated: wrt.map(({ name }) => name) };
}
