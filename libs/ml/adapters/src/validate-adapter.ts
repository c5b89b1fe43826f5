/** @file Does an adapter fit its spec and its base? Checked once, at the border, so that nothing behind it has to ask. */
import { TensorShapeMismatchError, type F32Tensor } from '#core';
import type { Adapter, FullSpec, LoraSpec } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import { loraName, moduleSuffix, parseLoraName, type BaseShapes } from './lora-names.js';

const RANK_MAX = 1024;

/** Base tensors that carry an update under a spec, in code-unit order. @throws AdapterInvalidError when there is none. */
export function loraTargets(targetModules: readonly string[], base: BaseShapes, where: string): string[] {
  const targets = [...base]
    .filter(
      ([name, dims]) => dims.length === 2 && name.endsWith('.weight') && targetModules.includes(moduleSuffix(name)),
    )
    .map(([name]) => name)
    .sort();
  for (const module of targetModules) {
    if (!targets.some((name) => moduleSuffix(name) === module)) {
      throw new AdapterInvalidError(where, `target module ${module} is in no layer of the base model`);
    }
  }
  if (targets.length === 0) throw new AdapterInvalidError(where, 'no target modules');
  return targets;
}

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
export function adapterShapes(
  spec: LoraSpec | FullSpec,
  base: BaseShapes,
  where = 'adapter',
): Map<string, readonly number[]> {
  if (spec.kind === 'full') return new Map([...base].sort(([a], [b]) => (a < b ? -1 : 1)));
  checkLoraSpec(spec, where);
  const shapes = new Map<string, readonly number[]>();
  for (const target of loraTargets(spec.targetModules, base, where)) {
    const [outputs, inputs] = base.get(target) as readonly [number, number];
    shapes.set(loraName(target, 'A'), [spec.rank, inputs]);
    shapes.set(loraName(target, 'B'), [outputs, spec.rank]);
  }
  return shapes;
}

/** Checks the numbers of a LoRA spec. */
export function checkLoraSpec({ rank, alpha, targetModules }: LoraSpec, where: string): void {
  if (!Number.isInteger(rank) || rank < 1 || rank > RANK_MAX) {
    throw new AdapterInvalidError(where, `rank: expected a whole number from 1 to ${RANK_MAX}, got ${rank}`);
  }
  if (!Number.isFinite(alpha) || alpha <= 0) {
    throw new AdapterInvalidError(where, `alpha: expected a number above 0, got ${alpha}`);
  }
  if (targetModules.length === 0) throw new AdapterInvalidError(where, 'no target modules');
}

/** The spec that a set of PEFT tensors implies for its targets. */
export function targetModulesOf(names: Iterable<string>, where: string): string[] {
  const modules = new Set<string>();
  for (const name of names) {
    const parsed = parseLoraName(name);
    if (!parsed) throw new AdapterInvalidError(where, `tensor ${name} is no LoRA factor`);
    modules.add(moduleSuffix(parsed.baseTensor));
  }
  return [...modules].sort();
}

function refuseNonFinite(name: string, { data }: F32Tensor, where: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new AdapterInvalidError(where, `tensor ${name} holds ${data[index]} at element ${index}`);
}
