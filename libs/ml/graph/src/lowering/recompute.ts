/**
 * @file Computes again, in the backward pass, what is cheap to compute, instead of keeping it from the forward pass
 * (Chen et al. 2016, arXiv 1604.06174, applied to single operations).
 *
 *   forward    x ── norm ── y ── product …        y is read at once and let go
 *   backward   x + 0·d ── norm ── y' ── dA, dB    y' is y to the last bit
 *
 * A repeated node starts from values that the backward pass needs anyway. The zero that is added to them is made of a
 * gradient d that arrives there: it keeps the runtime from computing y' early, or from taking y for it.
 */
import { present } from '#core';
import { productOf } from '../dims.js';
import { GraphBuilder } from '../graph-builder.js';
import type { Graph, Node } from '../graph.js';
import type { OpType } from '../operators.js';
import type { Value } from '../value.js';
import { copyWithoutNodes } from './rewrite.js';

export interface RecomputeOptions {
  /** Nodes of the backward pass. */
  readonly isGradient: (node: Node) => boolean;
  /** Nodes that may be computed twice. */
  readonly isCheap: (node: Node) => boolean;
}

/** Operations whose cost is that of reading their inputs. */
export const ELEMENTWISE: ReadonlySet<OpType> = new Set<OpType>([
  'Mul',
  'QuickGelu',
  'Reshape',
  'Sigmoid',
  'SimplifiedLayerNormalization',
  'Transpose',
]);

/** A new graph that gives the same results; the given one stays as it is. */
export function recompute(graph: Graph, options: RecomputeOptions): Graph {
  const copy = copyWithoutNodes(graph);
  const repeated = new Repetition(copy, repeatable(graph, options));
  let arrived: Value | undefined;
  for (const node of graph.nodes) {
    if (!options.isGradient(node)) {
      copy.nodes.push(node);
      continue;
    }
    const from = arrived;
    const inputs = node.inputs.map((input) => (input && from ? repeated.instead(input, from) : input));
    copy.nodes.push({ ...node, inputs });
    arrived = node.outputs.find((output) => output?.dtype === 'f32') ?? arrived;
  }
  return copy;
}

interface Plan {
  /** Every value of the forward pass, with the node that makes it. */
  readonly makers: ReadonlyMap<Value, Node>;
  /** Those that the backward pass can make again from what it needs anyway. */
  readonly again: ReadonlySet<Value>;
}

function repeatable(graph: Graph, { isGradient, isCheap }: RecomputeOptions): Plan {
  const makers = new Map<Value, Node>();
  const needed = new Set<Value>();
  for (const node of graph.nodes) {
    if (isGradient(node)) for (const input of node.inputs) if (input) needed.add(input);
    if (!isGradient(node)) for (const output of node.outputs) if (output) makers.set(output, node);
  }
  const again = new Set<Value>();
  const isReady = (input: Value | null): boolean =>
    !input || input.dtype !== 'f32' || !makers.has(input) || needed.has(input) || again.has(input);
  for (const [value, node] of makers) {
    const isMadeOfOthers = node.inputs.some((input) => input?.dtype === 'f32' && makers.has(input));
    if (value.dtype === 'f32' && isCheap(node) && isMadeOfOthers && node.inputs.every(isReady)) again.add(value);
  }
  return { makers, again };
}

/** Repeated nodes, each made when it is first asked for. */
class Repetition {
  private readonly made = new Map<Value, Value>();

  constructor(
    private readonly copy: Graph,
    private readonly plan: Plan,
  ) {}

  /** The value to read instead of `value`; itself where it is kept. */
  instead(value: Value, arrived: Value): Value {
    return this.plan.again.has(value) ? this.again(value, arrived) : value;
  }

  private again(value: Value, arrived: Value): Value {
    const maker = this.plan.makers.get(value);
    if (!maker || value.dtype !== 'f32') return value; // there at any time
    const known = this.made.get(value);
    if (known) return known;
    const result = this.plan.again.has(value) ? this.repeat(maker, value, arrived) : this.held(value, arrived);
    this.made.set(value, result);
    return result;
  }

  private repeat(node: Node, value: Value, arrived: Value): Value {
    const inputs = node.inputs.map((input) => input && this.again(input, arrived));
    const name = this.copy.claimAddress(`/again${node.name}`);
    const outputs = node.outputs.map(
      (output, index) => output && { ...output, name: this.copy.claim(`${name}/output_${index}`) },
    );
    this.copy.nodes.push({ ...node, name, inputs, outputs });
    return present(outputs[node.outputs.indexOf(value)], 'repeated value');
  }

  /** The same numbers, no sooner than the gradient has arrived. */
  private held(value: Value, arrived: Value): Value {
    const g = new GraphBuilder(this.copy, `/again${value.name.startsWith('/') ? '' : '/'}${value.name}`);
    const first = g.slice(g.reshape(arrived, [productOf(arrived.shape)]), { axis: 0, start: 0, end: 1 });
    return g.add(value, g.mul(first, 0));
  }
}
