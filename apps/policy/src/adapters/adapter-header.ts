/** @file The first message of `PutAdapter`, checked against the base before any memory is set aside for tensors. */
import type { AdapterSpec__Output, PutAdapterHeader__Output } from '#contracts/policy';
import { TensorShapeMismatchError, elementCount, isDigest, type Digest } from '#core';
import { AdapterInvalidError, adapterShapes, type AdapterSpec, type BaseShapes } from '#ml/adapters';
import { TensorDtypeUnsupportedError } from './adapters.errors.js';

/** How errors call an adapter that is being sent. */
export const WHERE = 'adapter header';

export interface AdapterHeader {
  readonly digest: Digest;
  readonly spec: AdapterSpec;
  /** In canonical order, as announced. */
  readonly tensors: readonly { readonly name: string; readonly dims: readonly number[] }[];
}

/** @throws `ADAPTER_INVALID`, `TENSOR_DTYPE_UNSUPPORTED`, `TENSOR_SHAPE_MISMATCH` */
export function checkAdapterHeader(header: PutAdapterHeader__Output, base: BaseShapes): AdapterHeader {
  const { digest, tensors } = header;
  if (!isDigest(digest)) {
    throw new AdapterInvalidError(
      WHERE,
      `digest: expected sha256: and 64 hexadecimal digits, got ${JSON.stringify(digest)}`,
    );
  }
  const spec = toSpec(header.spec);
  const expected = adapterShapes(spec, base, WHERE);
  const names = tensors.map(({ name }) => name);
  const wrongPlace = names.findIndex((name, index) => index > 0 && name <= (names[index - 1] ?? ''));
  if (wrongPlace > 0)
    throw new AdapterInvalidError(WHERE, `tensor ${names[wrongPlace]} is not sorted by name, or twice there`);
  const missing = [...expected.keys()].find((name) => !names.includes(name));
  if (missing !== undefined) throw new AdapterInvalidError(WHERE, `tensor ${missing} is missing`);
  return { digest, spec, tensors: tensors.map((tensor) => checkTensor(tensor, expected)) };
}

function checkTensor(
  { name, dtype, dims: dimTexts }: PutAdapterHeader__Output['tensors'][number],
  expected: ReadonlyMap<string, readonly number[]>,
): AdapterHeader['tensors'][number] {
  if (dtype !== 'DATA_TYPE_F32') throw new TensorDtypeUnsupportedError(name, dtype);
  const dims = dimTexts.map(Number);
  const shape = expected.get(name);
  if (!shape) throw new AdapterInvalidError(WHERE, `tensor ${name} belongs to no target of the spec`);
  if (dims.join() !== shape.join()) throw new TensorShapeMismatchError(name, shape, dims, WHERE);
  return { name, dims: shape };
}

function toSpec(spec: AdapterSpec__Output | null): AdapterSpec {
  if (spec?.kind === 'ADAPTER_KIND_FULL') return { kind: 'full' };
  if (spec?.kind !== 'ADAPTER_KIND_LORA') {
    throw new AdapterInvalidError(WHERE, `spec.kind: expected LORA or FULL, got ${spec?.kind ?? 'no spec'}`);
  }
  const { rank, alpha, rankStabilized, targetModules, rankByModule, alphaByModule } = spec;
  // The digest covers the list as it is, so its order is part of the adapter's name.
  if (targetModules.some((name, index) => index > 0 && name <= (targetModules[index - 1] ?? ''))) {
    throw new AdapterInvalidError(WHERE, 'target_modules are not sorted, or one is there twice');
  }
  return {
    kind: 'lora',
    rank,
    alpha,
    rankStabilized,
    targetModules,
    // What is absent there is empty here.
    ...(Object.keys(rankByModule).length > 0 && { rankByModule }),
    ...(Object.keys(alphaByModule).length > 0 && { alphaByModule }),
  };
}

/** Elements of all tensors of a header. */
export function elementCountOf({ tensors }: AdapterHeader): number {
  return tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0);
}
