/** @file Does an adapter fit its spec and its base? Checked once, at the border, so that nothing behind it has to ask. */
import { TensorShapeMismatchError, type F32Tensor } from '#core';
import type { Adapter, AdapterSpec } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import { loraName, type BaseShapes } from './lora-names.js';
import { loraTargets } from './lora-targets.js';

/** Checks spec, names, shapes and finiteness. @throws AdapterInvalidError, TensorShapeMismatchError */
export function validateAdapter(adapter: Adapter, base: BaseShapes, where: string): void {
  const expected = adapterShapes(adapter.spec, base, where);
  for (const [name, dims] of expected) {
    const tensor = adapter.tensors.get(name);
    if (!tensor) throw new AdapterInvalidError(where, `tensor ${name} is missing`);
    if (tensor.dims.join() !== dims.join()) throw new TensorShapeMismatchError(name, dims, tensor.dims, where);
    refuseNonFinite(name, tensor, where);
  }
  for (const name of adapter.tensors.keys()) {
    if (!expected.has(name)) throw new AdapterInvalidError(where, `tensor ${name} belongs to no target of the spec`);
  }
}

/** Name and shape of every tensor an adapter of this spec has over this base, in canonical order. */
export function adapterShapes(spec: AdapterSpec, base: BaseShapes, where = 'adapter'): Map<string, readonly number[]> {
  if (spec.kind === 'full') return new Map([...base].sort(([a], [b]) => (a < b ? -1 : 1)));
  const shapes = new Map<string, readonly number[]>();
  for (const { tensor, rank } of loraTargets(spec, base, where)) {
    const [outputs, inputs] = base.get(tensor) as readonly [number, number];
    shapes.set(loraName(tensor, 'A'), [rank, inputs]);
    shapes.set(loraName(tensor, 'B'), [outputs, rank]);
  }
  return shapes;
}

function refuseNonFinite(name: string, { data }: F32Tensor, where: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new AdapterInvalidError(where, `tensor ${name} holds ${data[index]} at element ${index}`);
}
