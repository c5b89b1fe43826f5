/**
 * @file The graph as data: inputs, initializers, nodes in running order, outputs, and the steps that a gradient retraces.
 *
 * Only values connect nodes. A step is one node, or one composite: several nodes whose derivative is known as a whole.
 */
import { NameTakenError } from './graph.errors.js';
import type { GraphBuilder } from './graph-builder.js';
import type { Attributes, OpType } from './operators.js';
import type { Value } from './value.js';

/** Elements of an initializer, row-major; half precision as its bits. */
export type InitializerData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint16Array | Uint8Array;

export interface Initializer {
  readonly value: Value;
  readonly data: InitializerData;
}

export interface Node {
  /** An address; its outputs are `<name>/output_0`, `<name>/output_1`, … */
  readonly name: string;
  readonly op: OpType;
  /** Null where an optional input is left out. */
  readonly inputs: readonly (Value | null)[];
  /** Null where an optional output is not asked for. */
  readonly outputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  /** What a Loop repeats. Its nodes may read values of the graph around it. */
  readonly body?: Graph;
}

export interface Output {
  /** Under this name a run returns it. */
  readonly name: string;
  readonly value: Value;
}

export interface NodeStep {
  readonly kind: 'node';
  readonly node: Node;
}

/**
 * The gradients of a composite's inputs from those of its outputs. An output that nothing uses has gradient null; an
 * input with `wanted` false needs none, and null may stand in its place.
 */
export type CompositeBackward = (
  g: GraphBuilder,
  outputGradients: readonly (Value | null)[],
  wanted: readonly boolean[],
) => readonly (Value | null)[];

export interface CompositeStep {
  readonly kind: 'composite';
  /** Address of the composite. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly backward: CompositeBackward;
}

export type Step = NodeStep | CompositeStep;

/** A graph under construction, seen by its builders; readers use it as data. */
export class Graph {
  readonly inputs: Value[] = [];
  readonly initializers: Initializer[] = [];
  readonly nodes: Node[] = [];
  readonly outputs: Output[] = [];
  /** What happened, in order; backward walks it in reverse. */
  steps: Step[] = [];
  /** Literal constants and run-time sizes, made once each, by name. */
  readonly shared = new Map<string, Value>();
  private readonly taken = new Set<string>();

  constructor(
    /** Before the names of what is shared: ONNX wants no name of a body to be one of the graph around it. */
    readonly root = '',
    /** The graph that this one is a body in. */
    readonly outer?: Graph,
  ) {}

  /** Reserves a name that must be new. @throws NameTakenError (`NAME_TAKEN`) */
  claim(name: string): string {
    if (this.taken.has(name)) throw new NameTakenError(name);
    this.taken.add(name);
    return name;
  }

  /** Reserves an address; a second node of one kind in one scope becomes `….2`, a third `….3`. */
  claimAddress(address: string): string {
    if (!this.taken.has(address)) return this.claim(address);
    for (let ordinal = 2; ; ordinal++) {
      const name = `${address}.${ordinal}`;
      if (!this.taken.has(name)) return this.claim(name);
    }
  }
}
