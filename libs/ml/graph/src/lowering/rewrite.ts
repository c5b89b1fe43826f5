/**
 * @file Replaces nodes of a finished graph by others that make the same values.
 *
 * Whatever is not replaced stays the very same node; a replacement's last node makes the value of the node it stands
 * for, so that readers, outputs and bodies of loops need no change.
 */
import { assert, present } from '#core';
import { GraphBuilder } from '../graph-builder.js';
import { Graph, type Initializer, type Node } from '../graph.js';
import type { Value } from '../value.js';

/** The value that stands for the first output of a node, or undefined where the node may stay. */
export type RewriteRule = (g: GraphBuilder, node: Node) => Value | undefined;

export interface Rewriting {
  readonly rule: RewriteRule;
  /** What an initializer becomes; by default itself. */
  readonly initializer?: (initializer: Initializer) => Initializer;
}

/** A new graph; the given one stays as it is. Nothing in the new one can be differentiated. */
export function rewrite(graph: Graph, rewriting: Rewriting, outer?: Graph): Graph {
  const { rule, initializer = (same) => same } = rewriting;
  const copy = copyWithoutNodes(graph, initializer, outer);
  for (const node of graph.nodes) {
    const first = copy.nodes.length;
    const made = rule(new GraphBuilder(copy, node.name), node);
    if (made) renameResult(copy, { first, made, node });
    else copy.nodes.push(node.body ? { ...node, body: rewrite(node.body, rewriting, copy) } : node);
  }
  return copy;
}

/** All of a graph but its nodes, whose names are taken all the same. */
export function copyWithoutNodes(
  graph: Graph,
  initializer: (initializer: Initializer) => Initializer = (same) => same,
  outer?: Graph,
): Graph {
  const copy = new Graph(graph.root, outer);
  copy.inputs.push(...graph.inputs);
  copy.initializers.push(...graph.initializers.map(initializer));
  copy.outputs.push(...graph.outputs);
  for (const [name, value] of graph.shared) copy.shared.set(name, value);
  for (const name of namesOf(graph)) copy.claim(name);
  return copy;
}

function namesOf(graph: Graph): ReadonlySet<string> {
  return new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ value }) => value.name),
    ...graph.outputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs.flatMap((value) => (value ? [value.name] : []))]),
  ]);
}

/** The node that made `made` now makes the value that `node` made. */
function renameResult(copy: Graph, at: { readonly first: number; readonly made: Value; readonly node: Node }): void {
  const [original] = at.node.outputs;
  const place = copy.nodes.findLastIndex(({ outputs }) => outputs.includes(at.made));
  assert(place >= at.first, `${at.node.name} is replaced by a node of its own`);
  const last = present(copy.nodes[place], 'last node');
  const outputs = last.outputs.map((value) => (value === at.made ? present(original, 'output') : value));
  copy.nodes[place] = { ...last, outputs };
}
