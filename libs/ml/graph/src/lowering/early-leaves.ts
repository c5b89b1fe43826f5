/**
 * @file Puts the nodes that only results come from behind all others, the last first.
 *
 * ONNX Runtime orders a graph by depth-first search from its leaves, beginning with the last node. In a gradient that is
 * what the first layer's weights get: the whole backward pass would run before any other layer's weights got theirs, and
 * everything those need would lie in memory until then. Reversed, each layer's gradients are made as the pass goes by.
 */
import type { Graph, Node } from '../graph.js';
import { copyWithoutNodes } from './rewrite.js';

/** A new graph with the same nodes; the given one stays as it is. */
export function earlyLeaves(graph: Graph): Graph {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const isLeaf = ({ outputs }: Node): boolean => !outputs.some((output) => output && read.has(output));
  const copy = copyWithoutNodes(graph);
  copy.nodes.push(...graph.nodes.filter((node) => !isLeaf(node)), ...graph.nodes.filter(isLeaf).toReversed());
  return copy;
}
