/**
 * @file Adapters: what training changes, named by the digest of its content.
 *
 * A LoRA adapter holds low-rank updates under PEFT's tensor names; a full one holds every tensor of the model under the
 * names of its safetensors file. Both travel, are cached and are trained the same way.
 */
import { DTYPE_BYTES, canonicalJson, digestOf, elementCount, type Digest, type F32Tensor, type TensorMap } from '#core';

/**
 * W' = W + scale · B·A with scale = alpha / rank, or alpha / √rank when rank-stabilised (arXiv 2106.09685, 2312.03732).
 *
 * A module is named by its full name (`model.layers.0.mlp.up_proj`) or by the end of it behind a dot (`up_proj`), as in
 * a list of PEFT's `target_modules`. Patterns never get this far: `resolveLora` turns them into names.
 */
export interface LoraSpec {
  readonly kind: 'lora';
  /** R, in [1, 1024]. */
  readonly rank: number;
  /** PEFT's `lora_alpha`, in (0, ∞). */
  readonly alpha: number;
  readonly rankStabilized: boolean;
  /** Modules that carry an update, for instance `q_proj`; sorted. */
  readonly targetModules: readonly string[];
  /** Modules whose rank is not `rank`. Absent where there is none, so that such adapters keep their digest. */
  readonly rankByModule?: ModuleNumbers;
  /** Modules whose alpha is not `alpha`. Absent where there is none. */
  readonly alphaByModule?: ModuleNumbers;
}

/** A number for each of some modules. */
export type ModuleNumbers = Readonly<Record<string, number>>;

/** Full-parameter training: the tensors replace the base's. */
export interface FullSpec {
  readonly kind: 'full';
}

export type AdapterSpec = LoraSpec | FullSpec;

/** An adapter in host memory, float32. */
export interface Adapter {
  readonly spec: AdapterSpec;
  /** LoRA: `base_model.model.<module>.lora_A.weight` [R, in] and `.lora_B.weight` [out, R]. Full: the model's own names. */
  readonly tensors: TensorMap;
}

/** Factor of B·A in the merged weight. */
export function loraScale({
  rank,
  alpha,
  rankStabilized,
}: Pick<LoraSpec, 'rank' | 'alpha' | 'rankStabilized'>): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}

/** Names in canonical order: by code unit. */
export function sortedNames(tensors: TensorMap): string[] {
  return [...tensors.keys()].sort();
}

/** Digest of an adapter: its spec, then each tensor's header and little-endian bytes in canonical order. */
export function adapterDigest({ spec, tensors }: Adapter): Digest {
  const parts: (Uint8Array | string)[] = [canonicalJson(spec)];
  for (const name of sortedNames(tensors)) {
    const { dims, data } = tensors.get(name) as F32Tensor;
    parts.push(
      canonicalJson({ name, dtype: 'f32', dims }),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }
  return digestOf(...parts);
}

/** Number of parameters. */
export function parameterCount(tensors: TensorMap): number {
  let count = 0;
  for (const { dims } of tensors.values()) count += elementCount(dims);
  return count;
}

/** Bytes of the tensors in memory. */
export function tensorBytes(tensors: TensorMap): number {
  return parameterCount(tensors) * DTYPE_BYTES.f32;
}
