/** @file Tensors in files: safetensors, half precision, shards. */
export {
  MODEL_FILE,
  SHARD_INDEX_FILE,
  readF32Tensors,
  readModelTensors,
  readTensorFile,
  weightFiles,
  writeTensors,
  type WriteOptions,
} from './tensor-files.js';
export { TORCH_METADATA, decodeSafetensors, encodeSafetensors, type TensorFile } from './safetensors.js';
export { fromF32Tensor, toF32Tensor, toNumbers, type StoredTensor, type TensorPlace } from './stored-tensor.js';
export { DTypeUnsupportedError, SafetensorsInvalidError } from './tensor.errors.js';
