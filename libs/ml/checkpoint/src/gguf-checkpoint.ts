/** @file The weights of a GGUF file under Hugging Face's names, one tensor at a time, and the digest that names the file. */
import { TensorShapeMismatchError, type Digest, type F32Tensor, type TensorMap } from '#core';
import { GgufFile, huggingFaceTensorName, toHuggingFaceValues } from '#ml/gguf';
import { WeightNotFiniteError, indexOfNotFinite } from '#ml/tensor';
import { TensorUnexpectedError } from './checkpoint.errors.js';
import { fileDigestHex } from './file-digest.js';
import { ggufArchitecture } from './gguf-config.js';
import { ROPE_TENSORS } from './gguf-rope.js';
import type { ModelConfig } from './model-config.js';
import { modelTensors } from './model-tensors.js';

/**
 * Every weight of the model as float32; what the configuration was read from is left out.
 *
 * @throws TensorShapeMismatchError before a tensor is read whose rows are not the configuration's heads
 */
export async function readGgufWeights(path: string, config: ModelConfig): Promise<TensorMap> {
  const file = await GgufFile.open(path);
  try {
    const architecture = ggufArchitecture(file.metadata);
    const expected = new Map(modelTensors(config).map(({ name, dims }) => [name, dims]));
    const tensors = new Map<string, F32Tensor>();
    for (const [stored, { dims }] of file.tensors) {
      if ((ROPE_TENSORS as readonly string[]).includes(stored)) continue;
      const name = huggingFaceTensorName(architecture, stored);
      if (name === undefined) throw new TensorUnexpectedError(path, [stored]);
      const wanted = expected.get(name) ?? dims;
      if (wanted.join() !== dims.join()) throw new TensorShapeMismatchError(stored, wanted, dims, path);
      const tensor = await file.readTensor(stored);
      const index = indexOfNotFinite(tensor.data);
      if (index >= 0) throw new WeightNotFiniteError(path, stored, index, tensor.data[index]!);
      tensors.set(name, toHuggingFaceValues(architecture, name, tensor, config));
    }
    return tensors;
  } finally {
    await file.close();
  }
}

/** A GGUF file is one piece, configuration and all: its digest is that of its bytes. */
export async function ggufDigest(path: string): Promise<Digest> {
  return `sha256:${await fileDigestHex(path)}` as Digest;
}
