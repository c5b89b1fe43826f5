/** @file Gradients as outputs of a graph, one for each trained tensor, and back as tensors. */
import { f32Tensor, present, type TensorMap } from '#core';
import { backward } from '#ml/autodiff';
import type { GraphBuilder, Value } from '#ml/graph';
import type { RunResults } from '#ml/runtime';

/** Makes the gradients of a loss outputs; gives the names of the trained tensors, in order. */
export function outputGradients(
  g: GraphBuilder,
  loss: Parameters<typeof backward>[1],
  trainable: ReadonlyMap<string, Value>,
): readonly string[] {
  const gradients = backward(g, loss, [...trainable.values()]);
  const names = [...trainable.keys()];
  names.forEach((name, index) => g.output(outputName(name), present(gradients[index], `gradient of ${name}`)));
  return names;
}

/** What a run gave for these names. */
export function gradientsOf(results: RunResults, names: readonly string[]): TensorMap {
  return new Map(names.map((name) => [name, f32Tensor(results.dims(outputName(name)), results.f32(outputName(name)))]));
}

function outputName(tensorName: string): string {
  return `gradient.${tensorName}`;
}
