/** @file What the interpreter's kernels have in common. */
import { assert, present } from '#core';
import type { Node } from '../graph.js';
import type { HostArray } from './host-array.js';

/** Computes a node: its outputs from its inputs. Null stands for an optional input that was left out. */
export type Kernel = (inputs: readonly (HostArray | null)[], node: Node) => readonly HostArray[];

export function input(inputs: readonly (HostArray | null)[], index: number, node: Node): HostArray {
  return present(inputs[index], `input ${index} of ${node.name}`);
}

export function number(node: Node, name: string, otherwise?: number): number {
  const value = node.attributes[name] ?? otherwise;
  assert(typeof value === 'number', `${node.name}: attribute ${name} is a number`);
  return value;
}

/** An axis attribute counted from the start. */
export function axisOf(node: Node, rank: number): number {
  const axis = number(node, 'axis');
  return axis < 0 ? axis + rank : axis;
}
