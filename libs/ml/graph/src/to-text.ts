/**
 * @file Prints a graph: one line per input, node and output, with element type and shape.
 *
 * The text is a stable description: tests compare it, and a change to a gradient rule shows as a text difference.
 */
import { formatShape } from './dims.js';
import type { Graph, Node } from './graph.js';
import type { Value } from './value.js';

export function toText(graph: Graph): string {
  return `${linesOf(graph).join('\n')}\n`;
}

/** A body stands indented under the node that repeats it. */
function linesOf(graph: Graph): string[] {
  return [
    ...graph.inputs.map((input) => `input ${typed(input)}`),
    ...graph.nodes.flatMap((node) => [
      nodeLine(node),
      ...(node.body ? linesOf(node.body).map((line) => `  ${line}`) : []),
    ]),
    ...graph.outputs.map(({ name, value }) => `output ${name} = ${value.name}`),
  ];
}

/** `a: f32[2], b: i64[2] = TopK(x, k) {axis=-1}`; a sole output carries its node's name. */
function nodeLine(node: Node): string {
  const made = node.outputs.map((value) => (value === null ? '_' : typed(value))).join(', ');
  const read = node.inputs.map((value) => (value === null ? '_' : shortName(value))).join(', ');
  const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${format(value)}`);
  return `${made} = ${node.op}(${read})${attributes.length === 0 ? '' : ` {${attributes.join(', ')}}`}`;
}

function typed(value: Value): string {
  return `${shortName(value)}: ${value.dtype}${formatShape(value.shape)}`;
}

/** Most nodes have one output: its name without `/output_0` is as clear. */
function shortName(value: Value): string {
  return value.name.replace(/\/output_0$/, '');
}

function format(value: number | string | readonly number[]): string {
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value);
}
