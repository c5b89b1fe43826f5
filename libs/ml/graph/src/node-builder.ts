/**
 * @file The foundation of the builder: inputs, constants, nodes, composites and outputs.
 *
 * Names are addresses: a node made in scope `model/layers.3/attn` is `/model/layers.3/attn/MatMul`.
 */
import { assert, elementCount, present } from '#core';
import { factorsOf, isSum, sameShape, termsOf, type Dim, type Shape } from './dims.js';
import type { CompositeBackward, Graph, InitializerData } from './graph.js';
import type { GraphBuilder } from './graph-builder.js';
import { ElementTypeMismatchError, SizeUnknownError } from './graph.errors.js';
import type { Attributes, OpType } from './operators.js';
import type { ElementType, Value } from './value.js';

/** What a node's output will be; null where an optional output is not asked for. */
export type OutputSpec = { readonly dtype: ElementType; readonly shape: Shape } | null;

export interface CompositeOptions {
  /** Last part of its address, for instance `rmsNorm`. */
  readonly name: string;
  readonly inputs: readonly Value[];
  /** Makes the nodes, in the composite's own scope. */
  readonly forward: (g: GraphBuilder) => readonly Value[];
  readonly backward: CompositeBackward;
}

/** Element types that a number in the code can become. */
export type NumberType = 'f32' | 'f64' | 'i64' | 'i32';

/** Either a value or a number that becomes a constant. */
export type Operand = Value | number;

export abstract class NodeBuilder {
  constructor(
    /** What has been built so far, by all scopes together. */
    readonly graph: Graph,
    /** Address of this scope, `''` at the root. */
    readonly path: string,
  ) {}

  /** A builder for the same graph whose nodes stand one level deeper: `g.scope('layers.3').scope('attn')`. */
  abstract scope(name: string): GraphBuilder;

  /** Declares what a run has to be fed. The name is used as it is, whatever the scope. */
  input(name: string, dtype: ElementType, shape: Shape): Value {
    const value = { name: this.graph.claim(name), dtype, shape };
    this.graph.inputs.push(value);
    return value;
  }

  /** Data that the graph itself carries. The name is used as it is, whatever the scope. */
  initializer(name: string, dtype: ElementType, dims: readonly number[], data: InitializerData): Value {
    assert(elementCount(dims) === data.length, `initializer ${name}: ${data.length} elements for [${dims.join(', ')}]`);
    const value = { name: this.graph.claim(name), dtype, shape: dims };
    this.graph.initializers.push({ value, data });
    return value;
  }

  /** Names a result. A value may be an output and feed other nodes as well. */
  output(name: string, value: Value): void {
    if (name !== value.name) this.graph.claim(name);
    this.graph.outputs.push({ name, value });
  }

  /** The constant `number`, a scalar; equal constants are one. */
  scalar(number: number, dtype: NumberType = 'f32'): Value {
    return this.once(`/constants/${dtype}/${number}`, (name) =>
      this.initializer(name, dtype, [], data([number], dtype)),
    );
  }

  /** The constant vector `numbers` of 64-bit integers; equal constants are one. */
  integers(numbers: readonly number[]): Value {
    return this.once(`/constants/i64/[${numbers.join(',')}]`, (name) =>
      this.initializer(name, 'i64', [numbers.length], data(numbers, 'i64')),
    );
  }

  /** The run-time sizes `shape` as a vector of 64-bit integers. Symbols are read off the inputs that have them. */
  sizes(shape: Shape): Value {
    if (shape.every((dim) => typeof dim === 'number')) return this.integers(shape);
    const [first] = shape;
    if (shape.length === 1 && first !== undefined) return this.size(first);
    return this.once(`/sizes/[${shape.join(',')}]`, (name) =>
      this.sharedNode(
        'Concat',
        shape.map((dim) => this.size(dim)),
        name,
        shape.length,
        { axis: 0 },
      ),
    );
  }

  /** Wraps nodes whose derivative is known as a whole; backward uses `backward` and does not look inside. */
  composite(options: CompositeOptions): readonly Value[] {
    const outside = this.graph.steps;
    this.graph.steps = [];
    const name = this.graph.claimAddress(`${this.path}/${options.name}`);
    const inner = this.scope(name.slice(this.path.length + 1));
    const outputs = options.forward(inner);
    const { inputs, backward } = options;
    this.graph.steps = [...outside, { kind: 'composite', name, inputs, outputs, backward }];
    return outputs;
  }

  /** Adds one node. Every operation ends here, with the dtype and shape of what it makes. */
  protected node(
    op: OpType,
    inputs: readonly (Value | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
    body?: Graph,
  ): readonly (Value | null)[] {
    const name = this.graph.claimAddress(`${this.path}/${op}`);
    const made = outputs.map((spec, index) => spec && { name: this.graph.claim(`${name}/output_${index}`), ...spec });
    const node = { name, op, inputs, outputs: made, attributes, ...(body && { body }) };
    this.graph.nodes.push(node);
    this.graph.steps.push({ kind: 'node', node });
    return made;
  }

  /** Adds one node with one output. */
  protected single(
    op: OpType,
    inputs: readonly (Value | null)[],
    dtype: ElementType,
    shape: Shape,
    attributes: Attributes = {},
  ): Value {
    const [made] = this.node(op, inputs, [{ dtype, shape }], attributes);
    return present(made, `output of ${op}`);
  }

  /** A number becomes a constant of the element type that its neighbour has. */
  protected lift(operand: Operand, neighbour: Operand): Value {
    if (typeof operand !== 'number') return operand;
    const dtype = typeof neighbour === 'number' ? 'f32' : neighbour.dtype;
    if (dtype !== 'f32' && dtype !== 'f64' && dtype !== 'i64' && dtype !== 'i32') {
      throw new ElementTypeMismatchError(this.path, 'f32, f64, i64 or i32 beside a number', dtype);
    }
    return this.scalar(operand, dtype);
  }

  /** Checks an element type. @throws ElementTypeMismatchError (`ELEMENT_TYPE_MISMATCH`) */
  protected expectType(op: OpType, value: Value, ...expected: readonly ElementType[]): void {
    if (expected.includes(value.dtype)) return;
    throw new ElementTypeMismatchError(`${this.path}/${op} of ${value.name}`, expected.join(' or '), value.dtype);
  }

  private once(localName: string, make: (name: string) => Value): Value {
    const name = `${this.graph.root}${localName}`;
    const known = this.graph.shared.get(name);
    if (known) return known;
    const value = make(name);
    this.graph.shared.set(name, value);
    return value;
  }

  /** One size as a vector of one 64-bit integer. */
  private size(dim: Dim): Value {
    if (typeof dim === 'number') return this.integers([dim]);
    return this.once(`/sizes/${dim}`, (name) => {
      if (isSum(dim)) {
        return termsOf(dim)
          .map((term) => this.size(term))
          .reduce((sum, term, index) => this.sharedNode('Add', [sum, term], `${name}/${index}`, 1));
      }
      const { coefficient, symbols } = factorsOf(dim);
      const [symbol] = symbols;
      if (coefficient === 1 && symbols.length === 1 && symbol !== undefined) return this.inputSize(symbol, name);
      const factors: Dim[] = coefficient === 1 ? [...symbols] : [coefficient, ...symbols];
      return factors
        .map((factor) => this.size(factor))
        .reduce((product, factor, index) => this.sharedNode('Mul', [product, factor], `${name}/${index}`, 1));
    });
  }

  /** Reads one axis of the first input that has it. */
  private inputSize(symbol: string, name: string): Value {
    for (let graph: Graph | undefined = this.graph; graph !== undefined; graph = graph.outer) {
      for (const input of graph.inputs) {
        const axis = input.shape.indexOf(symbol);
        if (axis >= 0) return this.sharedNode('Shape', [input], name, 1, { start: axis, end: axis + 1 });
      }
    }
    throw new SizeUnknownError(symbol);
  }

  /** A node of the root scope that all scopes share; it counts no step, since sizes have no gradient. */
  private sharedNode(op: OpType, inputs: readonly Value[], name: string, length: number, attributes: Attributes = {}) {
    const value: Value = { name: this.graph.claim(`${name}/output_0`), dtype: 'i64', shape: [length] };
    this.graph.nodes.push({ name: this.graph.claim(name), op, inputs, outputs: [value], attributes });
    return value;
  }
}

function data(numbers: readonly number[], dtype: NumberType): InitializerData {
  if (dtype === 'f64') return Float64Array.from(numbers);
  if (dtype === 'i64') return BigInt64Array.from(numbers, BigInt);
  return dtype === 'i32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
}

/** True when both have the same element type and shape. */
export function sameKind(a: Value, b: Value): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}
