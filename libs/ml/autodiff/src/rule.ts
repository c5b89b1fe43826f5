/** @file What a gradient rule is: from a node and the gradients of its outputs to the gradients of its inputs. */
import { present } from '#core';
import type { GraphBuilder, Node, Value } from '#ml/graph';

/** Builds the gradient of one input; called only where it is wanted, in a scope of its own. */
export type InputGradient = (g: GraphBuilder) => Value;

/** The gradients of a node's inputs, in order; null for an input that has none, such as indices. */
export type VjpRule = (node: Node, outputGradients: readonly (Value | null)[]) => readonly (InputGradient | null)[];

/** The derivative is zero or does not exist: nothing flows back. */
export const noGradient = { kind: 'no-gradient' } as const;

/** Exists for inference; a gradient that would have to cross it is a defect. */
export interface InferenceOnly {
  readonly kind: 'inference-only';
  readonly reason: string;
}

export type GradientRule = VjpRule | typeof noGradient | InferenceOnly;

export function inferenceOnly(reason: string): InferenceOnly {
  return { kind: 'inference-only', reason };
}

/** y = f(x): the gradient of x from d, that of y. Further inputs (indices, axes) have none. */
export function unary(
  gradient: (g: GraphBuilder, d: Value, node: { readonly x: Value; readonly y: Value; readonly node: Node }) => Value,
): VjpRule {
  return (node, [d]) => [(g) => gradient(g, gradientOf(d, node), { x: inputOf(node, 0), y: outputOf(node, 0), node })];
}

/** What a rule for y = f(a, b) sees. */
export interface BinaryNode {
  readonly a: Value;
  readonly b: Value;
  readonly y: Value;
  readonly node: Node;
}

type BinaryGradient = (g: GraphBuilder, d: Value, node: BinaryNode) => Value;

/** y = f(a, b): the gradients of a and b from d, that of y. */
export function binary(gradientOfA: BinaryGradient, gradientOfB: BinaryGradient): VjpRule {
  return (node, [d]) => {
    const both: BinaryNode = { a: inputOf(node, 0), b: inputOf(node, 1), y: outputOf(node, 0), node };
    const seed = gradientOf(d, node);
    return [(g) => gradientOfA(g, seed, both), (g) => gradientOfB(g, seed, both)];
  };
}

export function inputOf(node: Node, index: number): Value {
  return present(node.inputs[index], `input ${index} of ${node.name}`);
}

export function outputOf(node: Node, index: number): Value {
  return present(node.outputs[index], `output ${index} of ${node.name}`);
}

/** A rule runs only when a gradient arrived; a node with one output has it. */
export function gradientOf(d: Value | null | undefined, node: Node): Value {
  return present(d, `gradient of the first output of ${node.name}`);
}

export function numberAttribute(node: Node, name: string): number {
  return Number(present(node.attributes[name], `attribute ${name} of ${node.name}`));
}

export function integersAttribute(node: Node, name: string): readonly number[] {
  const value = present(node.attributes[name], `attribute ${name} of ${node.name}`);
  return typeof value === 'object' ? value : [Number(value)];
}
