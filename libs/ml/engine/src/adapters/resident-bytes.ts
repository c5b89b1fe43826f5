/** @file The memory that an adapter takes: its own tensors and, for LoRA, the weights merged with them. */
import { DTYPE_BYTES, elementCount, present } from '#core';
import { loraTargets, tensorBytes, type Adapter, type BaseShapes } from '#ml/adapters';

export function residentBytes(adapter: Adapter, base: BaseShapes): number {
  const own = tensorBytes(adapter.tensors);
  if (adapter.spec.kind === 'full') return own;
  const merged = loraTargets(adapter.spec, base, 'adapter').map(({ tensor }) =>
    elementCount(present(base.get(tensor), `tensor ${tensor}`)),
  );
  return own + DTYPE_BYTES.f32 * merged.reduce((sum, count) => sum + count, 0);
}
