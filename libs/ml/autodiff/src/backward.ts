/**
 * @file Reverse-mode differentiation (Griewank and Walther 2008, ch. 3): adds the nodes of a gradient to the graph that
 * computes the loss, so that one run gives both.
 *
 * The steps of the graph are walked in reverse. At each the gradients of its outputs are known; its rule gives those of
 * its inputs; a value that several steps read sums what they give. Only what lies between `wrt` and the loss is built.
 */
import { assert } from '#core';
import { formatShape, GraphBuilder, sameShape, type Node, type Step, type Value } from '#ml/graph';
import { GradientUnsupportedError, LossNotScalarError } from './autodiff.errors.js';
import { vjpRules } from './vjp-rules.js';

/**
 * The gradients of `loss` with respect to each of `wrt`, in that order. What the loss does not depend on has gradient 0.
 *
 * @param seed Gradient of `loss` itself, in its shape. @default 1, for a scalar loss
 */
export function backward(g: GraphBuilder, loss: Value, wrt: readonly Value[], seed?: Value): readonly Value[] {
  if (seed === undefined && loss.shape.length > 0) throw new LossNotScalarError(loss.name, loss.shape);
  const steps = [...g.graph.steps];
  const dependent = dependentOn(wrt, steps);
  const arrived = new Map<Value, Value[]>([[loss, [seed ?? g.scalar(1)]]]);
  for (const step of steps.toReversed()) {
    const outputGradients = outputsOf(step).map((output) => output && settle(g, arrived, output));
    if (outputGradients.every((gradient) => gradient === null)) continue;
    const inputs = inputsOf(step);
    const wanted = inputs.map((input) => input !== null && dependent.has(input));
    if (!wanted.includes(true)) continue;
    const gradients = inputGradients(g, step, outputGradients, wanted);
    for (const [index, gradient] of gradients.entries()) {
      const input = inputs[index];
      if (!gradient || !input || !wanted[index]) continue;
      assert(
        sameShape(gradient.shape, input.shape),
        `gradient of ${input.name} at ${nameOf(step)}: ${formatShape(gradient.shape)} for ${formatShape(input.shape)}`,
      );
      arrived.set(input, [...(arrived.get(input) ?? []), gradient]);
    }
  }
  return wrt.map((value) => settle(g, arrived, value) ?? at(g, value.name).zerosLike(value));
}

/** Everything that changes when `wrt` does. */
function dependentOn(wrt: readonly Value[], steps: readonly Step[]): ReadonlySet<Value> {
  const dependent = new Set(wrt);
  for (const step of steps) {
    const blocked = step.kind === 'node' && 'kind' in vjpRules[step.node.op] && isBlocked(step.node.op);
    if (blocked || !inputsOf(step).some((input) => input !== null && dependent.has(input))) continue;
    for (const output of outputsOf(step)) if (output !== null && output.dtype === 'f32') dependent.add(output);
  }
  return dependent;
}

function isBlocked(op: keyof typeof vjpRules): boolean {
  const rule = vjpRules[op];
  return typeof rule !== 'function' && rule.kind === 'no-gradient';
}

function inputGradients(
  g: GraphBuilder,
  step: Step,
  outputGradients: readonly (Value | null)[],
  wanted: readonly boolean[],
): readonly (Value | null)[] {
  if (step.kind === 'composite') return step.backward(at(g, step.name), outputGradients, wanted);
  const { node } = step;
  const rule = vjpRules[node.op];
  if (typeof rule !== 'function') {
    if (rule.kind === 'inference-only') throw new GradientUnsupportedError(node.name, rule.reason);
    return [];
  }
  const scope = at(g, node.name);
  return rule(node, outputGradients).map((gradient, index) =>
    gradient !== null && wanted[index] === true ? gradient(scope.scope(`input_${index}`)) : null,
  );
}

/** The sum of all gradients that arrived at a value; null when none did. */
function settle(g: GraphBuilder, arrived: Map<Value, Value[]>, value: Value): Value | null {
  const gradients = arrived.get(value);
  if (gradients === undefined) return null;
  const sum = at(g, value.name).sum(gradients);
  arrived.set(value, [sum]);
  return sum;
}

/** Gradient nodes stand under `/grad`, at the address of what they belong to. */
function at(g: GraphBuilder, address: string): GraphBuilder {
  return new GraphBuilder(g.graph, `/grad${address.startsWith('/') ? '' : '/'}${address}`);
}

/** True for what `backward` has added to a graph. */
export function isGradientNode({ name }: Node): boolean {
  return name.startsWith('/grad/');
}

function inputsOf(step: Step): readonly (Value | null)[] {
  return step.kind === 'node' ? step.node.inputs : step.inputs;
}

function outputsOf(step: Step): readonly (Value | null)[] {
  return step.kind === 'node' ? step.node.outputs : step.outputs;
}

function nameOf(step: Step): string {
  return step.kind === 'node' ? step.node.name : step.name;
}
