/** @file GGUF files: header and metadata, tensors to float32 and back, writing, and the names of a model's parts. */
export { READABLE_GGML_TYPES, dequantise } from './dequantise.js';
export { GGML_TYPES, ggmlBytes, type GgmlType } from './ggml-types.js';
export { GgufFile, isGgufFile } from './gguf-file.js';
export { parseGgufHeader, type GgufHeader, type GgufTensorInfo } from './gguf-header.js';
export { GgufMetadata } from './gguf-metadata.js';
export { gguf, type GgufArray, type GgufEntries, type GgufScalar, type GgufValue } from './gguf-value.js';
export { encodeGgufHeader, writeGguf, type GgufContent, type GgufTensorSource } from './gguf-writer.js';
export { quantise, type WritableGgmlType } from './quantise.js';
export { interleaveRotaryRows, separateRotaryRows } from './rotary-rows.js';
export {
  GGUF_ARCHITECTURES,
  ggufTensorName,
  huggingFaceTensorName,
  isGgufArchitecture,
  toGgufValues,
  toHuggingFaceValues,
  type GgufArchitecture,
  type HeadCounts,
} from './tensor-names.js';
export { GgufInvalidError, GgufUnsupportedError } from './gguf.errors.js';
