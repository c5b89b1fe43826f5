/**
 * @file The adapters of a run: in memory while they are in use, on disk as artifacts so that a restart finds them, and
 * offered to the policy replicas.
 */
import { f32Tensor, type Digest, type F32Tensor, type TensorMap } from '#core';
import { adapterDigest, type Adapter, type AdapterSpec } from '#ml/adapters';
import { TORCH_METADATA, decodeSafetensors, encodeSafetensors, fromF32Tensor, toF32Tensor } from '#ml/tensor';
import type { PolicyPort, PolicyRef } from '../ports/policy-port.js';
import type { Artifacts } from '../storage/artifacts.js';

/** Named tensors as the bytes of a safetensors file; equal tensors give equal bytes. */
export function tensorsToBytes(tensors: TensorMap): Uint8Array {
  const stored = new Map([...tensors].map(([name, tensor]) => [name, fromF32Tensor(tensor)]));
  return encodeSafetensors({ tensors: stored, metadata: TORCH_METADATA });
}

/** Back, in code-unit order of names. */
export function tensorsFromBytes(bytes: Uint8Array, where: string): TensorMap {
  const { tensors } = decodeSafetensors(bytes, where);
  const read = new Map<string, F32Tensor>();
  for (const name of [...tensors.keys()].sort()) {
    const { dims, data } = toF32Tensor(tensors.get(name)!, { name, where });
    read.set(name, f32Tensor(dims, data));
  }
  return read;
}

export class AdapterShelf {
  private readonly offered = new Set<Digest>();

  constructor(
    private readonly options: {
      readonly policy: PolicyPort;
      readonly artifacts: Artifacts;
      readonly spec: AdapterSpec;
      readonly signal: AbortSignal;
    },
  ) {}

  /** The name of the adapter with these tensors. */
  digestOf(tensors: TensorMap): Digest {
    return adapterDigest({ spec: this.options.spec, tensors });
  }

  async load(artifact: Digest): Promise<TensorMap> {
    return tensorsFromBytes(await this.options.artifacts.get(artifact), artifact);
  }

  /** Makes an adapter resident on the replicas; it stays known until it is not among those kept. */
  async offer(digest: Digest, tensors: TensorMap): Promise<void> {
    if (this.offered.has(digest)) return;
    const adapter: Adapter = { spec: this.options.spec, tensors };
    await this.options.policy.offerAdapter(digest, adapter, { signal: this.options.signal });
    this.offered.add(digest);
  }

  /** Drops every adapter but these. */
  async keepOnly(refs: readonly PolicyRef[]): Promise<void> {
    for (const digest of this.offered) {
      if (refs.includes(digest)) continue;
      this.offered.delete(digest);
      await this.options.policy.forgetAdapter(digest, { signal: this.options.signal });
    }
  }
}
