/**
 * @file A loop whose state stays where it is computed: ONNX's Loop.
 *
 * What a round makes goes into the next one without leaving the device. The body is a graph of its own whose nodes may
 * read any value that was made before the loop: weights, for instance, are not part of the state.
 */
import { assert, present } from '#core';
import { formatShape, type Shape } from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import { Graph } from './graph.js';
import type { GraphBuilder } from './graph-builder.js';
import { IndexingBuilder } from './indexing-builder.js';
import type { OutputSpec } from './node-builder.js';
import type { Value } from './value.js';

export interface LoopOptions {
  /** Last part of its address, for instance `decode`. */
  readonly name: string;
  /** Most rounds, an i64 scalar; may be 0. */
  readonly rounds: Value;
  /** Whether the first round takes place, a bool scalar. */
  readonly start: Value;
  /** State that the first round finds. */
  readonly initial: readonly Value[];
  /** Shapes of the state within a round; an axis that grows gets a symbol of its own. @default those of `initial` */
  readonly stateShapes?: readonly Shape[];
  /** Symbol of the axis along which collected values are stacked. */
  readonly roundsAxis: string;
  readonly round: (g: GraphBuilder, at: LoopRound) => LoopRoundResult;
}

export interface LoopRound {
  /** Number of the round, from 0: an i64 scalar. */
  readonly index: Value;
  readonly state: readonly Value[];
}

export interface LoopRoundResult {
  /** Whether another round follows, a bool scalar. */
  readonly proceed: Value;
  /** State that the next round finds. */
  readonly state: readonly Value[];
  /** Values that are kept of every round. */
  readonly collected: readonly Value[];
}

export interface LoopResult {
  /** After the last round. */
  readonly state: readonly Value[];
  /** [rounds, …] each. */
  readonly collected: readonly Value[];
}

export abstract class LoopBuilder extends IndexingBuilder {
  /** A builder whose nodes stand in another graph. */
  protected abstract within(graph: Graph, path: string): GraphBuilder;

  /** Repeats a body at most `rounds` times, while it asks to proceed. It has no gradient. */
  loop(options: LoopOptions): LoopResult {
    const { rounds, start, initial, roundsAxis } = options;
    this.expectType('Loop', rounds, 'i64');
    this.expectType('Loop', start, 'bool');
    const address = this.graph.claimAddress(`${this.path}/${options.name}`);
    const { body, collected, shapes } = this.loopBody(address, options);
    const outputs: OutputSpec[] = [
      ...initial.map(({ dtype }, index) => ({ dtype, shape: present(shapes[index], 'shape') })),
      ...collected.map(({ dtype, shape }) => ({ dtype, shape: [roundsAxis, ...shape] })),
    ];
    const made = this.node('Loop', [rounds, start, ...initial], outputs, {}, body).map((value) =>
      present(value, 'output of Loop'),
    );
    return { state: made.slice(0, initial.length), collected: made.slice(initial.length) };
  }

  private loopBody(address: string, { initial, stateShapes, round }: LoopOptions) {
    const body = new Graph(address, this.graph);
    const g = this.within(body, address);
    const shapes = initial.map(({ shape }, index) => stateShapes?.[index] ?? shape);
    const index = g.input(`${address}/round`, 'i64', []);
    g.input(`${address}/proceeds`, 'bool', []);
    const state = initial.map(({ dtype }, i) => g.input(`${address}/state_${i}`, dtype, present(shapes[i], 'shape')));
    const result = round(g, { index, state });
    assert(result.state.length === initial.length, `${address}: a round gives as much state as it finds`);
    result.state.forEach(({ dtype, shape }, i) => {
      const found = present(state[i], 'state');
      if (dtype === found.dtype && shape.length === found.shape.length) return;
      const expected = `${found.dtype}${formatShape(found.shape)}`;
      throw new ShapeMismatchError(`${address}, state ${i}`, expected, `${dtype}${formatShape(shape)}`);
    });
    const own = new Set(body.nodes.flatMap((node) => node.outputs));
    const results = [result.proceed, ...result.state, ...result.collected];
    // What is only passed through needs a node of the body that makes it.
    results.forEach((value, i) => g.output(`${address}/result_${i}`, own.has(value) ? value : g.identity(value)));
    return { body, collected: result.collected, shapes };
  }
}
