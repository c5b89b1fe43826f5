/** @file Tensors in files: safetensors, half precision, shards. */
export {
  MODEL_FILE,
  SHARD_INDEX_FILE,
  parseShardIndex,
  readModelWeights,
  weightFiles,
  type ModelWeights,
  type ReadWeightsOptions,
} from './model-weights.js';
export {
  readF32Tensors,
  readTensorFile,
  writeTensorSources,
  writeTensors,
  type TensorSource,
  type WriteOptions,
} from './tensor-files.js';
export { TORCH_METADATA, decodeSafetensors, encodeSafetensors, type TensorFile } from './safetensors.js';
export { fromF32Tensor, toF32Tensor, toNumbers, type StoredTensor, type TensorPlace } from './stored-tensor.js';
export { indexOfNotFinite, narrowBf16, narrowF16, widenBf16, widenF16 } from './float-arrays.js';
export { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from './float-formats.js';
export { DTypeUnsupportedError, SafetensorsInvalidError, WeightNotFiniteError } from './tensor.errors.js';
