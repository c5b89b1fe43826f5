/** @file A base with an adapter worked in, tensor by tensor: no more than one merged matrix is in memory beside the base. */
import type { F32Tensor } from '#core';
import { shapesOf, tensorMerger, type Adapter } from '#ml/adapters';
import type { Checkpoint, ModelConfig } from '#ml/checkpoint';

export interface MergedTensor {
  /** Hugging Face's name. */
  readonly name: string;
  readonly dims: readonly number[];
  read(): F32Tensor;
}

export interface MergedModel {
  /** The folder or GGUF file that configuration and tokenizer come from. */
  readonly basePath: string;
  readonly config: ModelConfig;
  /** In the model's own order. */
  readonly tensors: readonly MergedTensor[];
}

/** @throws AdapterInvalidError, TensorShapeMismatchError when the adapter is for another base */
export function mergedModel({ dir, config, tensors }: Omit<Checkpoint, 'digest'>, adapter?: Adapter): MergedModel {
  const merge = adapter && tensorMerger(shapesOf(tensors), adapter, 'adapter to export');
  return {
    basePath: dir,
    config,
    tensors: [...tensors].map(([name, tensor]) => ({
      name,
      dims: tensor.dims,
      read: () => merge?.(name, tensor) ?? tensor,
    })),
  };
}
