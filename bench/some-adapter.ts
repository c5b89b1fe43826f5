/** @file A LoRA adapter for whatever model a policy process serves, and the way to hand it over. */
import type { PutAdapterRequest } from '#contracts/policy';
import { present } from '#core';
import { adapterDigest, initialLora, sortedNames, type Adapter } from '#ml/adapters';
import type { PolicyProcess } from './policy-process.js';
import { LORA } from './workload.js';

const CHUNK_BYTES = 2 ** 20;

/** Makes one resident; its digest. */
export async function putSomeAdapter(process: PolicyProcess): Promise<string> {
  const adapter = await someAdapter(process);
  await process.admin.putAdapter(putParts(adapter));
  return adapterDigest(adapter);
}

export async function someAdapter({ policy }: PolicyProcess): Promise<Adapter> {
  const { baseTensors } = await policy.getPolicy({});
  const base = new Map(baseTensors.map(({ name, dims }) => [name, dims.map(Number)]));
  return initialLora({ spec: { kind: 'lora', rankStabilized: false, ...LORA }, base, seed: 1 });
}

export function* putParts(adapter: Adapter): Generator<PutAdapterRequest> {
  const { spec, tensors } = adapter;
  const named = sortedNames(tensors).map((name) => ({ name, ...present(tensors.get(name), name) }));
  yield {
    header: {
      digest: adapterDigest(adapter),
      spec:
        spec.kind === 'lora' ? { ...spec, kind: 'ADAPTER_KIND_LORA', targetModules: [...spec.targetModules] } : null,
      tensors: named.map(({ name, dims }) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] })),
    },
  };
  for (const [tensorIndex, { data }] of named.entries()) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += CHUNK_BYTES) {
      yield { chunk: { tensorIndex, offsetBytes, data: bytes.subarray(offsetBytes, offsetBytes + CHUNK_BYTES) } };
    }
  }
}
