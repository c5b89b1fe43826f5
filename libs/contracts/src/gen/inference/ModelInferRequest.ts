// From proto/inference/open_inference.proto

import type { InferParameter as _inference_InferParameter, InferParameter__Output as _inference_InferParameter__Output } from '../inference/InferParameter.js';
import type { InferTensorContents as _inference_InferTensorContents, InferTensorContents__Output as _inference_InferTensorContents__Output } from '../inference/InferTensorContents.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is an input tensor.
 */
export interface _inference_ModelInferRequest_InferInputTensor {
  /**
   * Required. `prompt`, `response`, `conversation` or `text`.
   */
  'name'?: (string);
  /**
   * Required. `BYTES`.
   */
  'datatype'?: (string);
  /**
   * Required. [n], [n, 1] or [1, n]; the same for all inputs.
   */
  'shape'?: (number | string | Long)[];
  /**
   * Parameters of the tensor. Those that would move the data elsewhere (`shared_memory_…`) are refused.
   */
  'parameters'?: ({[key: string]: _inference_InferParameter});
  /**
   * The data, unless `raw_input_contents` has it.
   */
  'contents'?: (_inference_InferTensorContents | null);
}

/**
 * Is an input tensor.
 */
export interface _inference_ModelInferRequest_InferInputTensor__Output {
  /**
   * Required. `prompt`, `response`, `conversation` or `text`.
   */
  'name': (string);
  /**
   * Required. `BYTES`.
   */
  'datatype': (string);
  /**
   * Required. [n], [n, 1] or [1, n]; the same for all inputs.
   */
  'shape': (string)[];
  /**
   * Parameters of the tensor. Those that would move the data elsewhere (`shared_memory_…`) are refused.
   */
  'parameters': ({[key: string]: _inference_InferParameter__Output});
  /**
   * The data, unless `raw_input_contents` has it.
   */
  'contents': (_inference_InferTensorContents__Output | null);
}

/**
 * Asks for an output tensor.
 */
export interface _inference_ModelInferRequest_InferRequestedOutputTensor {
  /**
   * Required. `score`, `index` or `status`.
   */
  'name'?: (string);
  /**
   * Parameters of the tensor. Those that would change what it means (`classification`, `shared_memory_…`) are refused.
   */
  'parameters'?: ({[key: string]: _inference_InferParameter});
}

/**
 * Asks for an output tensor.
 */
export interface _inference_ModelInferRequest_InferRequestedOutputTensor__Output {
  /**
   * Required. `score`, `index` or `status`.
   */
  'name': (string);
  /**
   * Parameters of the tensor. Those that would change what it means (`classification`, `shared_memory_…`) are refused.
   */
  'parameters': ({[key: string]: _inference_InferParameter__Output});
}

/**
 * Request for `ModelInfer`.
 */
export interface ModelInferRequest {
  /**
   * Required. Name of the reward model.
   */
  'modelName'?: (string);
  /**
   * Epoch the caller insists on, as a decimal number; empty accepts the one in service.
   */
  'modelVersion'?: (string);
  /**
   * Given back in the response.
   */
  'id'?: (string);
  /**
   * Parameters of the call: `score_datatype` (string, `FP64` or `FP32`), `truncated` (boolean: generation stopped for
   * length), `chat_format` (string: how `text` is marked up, as the parameter `chat` of the HTTP façades). Others are not
   * looked at, except those of stateful sequences (`sequence_id`), which are refused.
   */
  'parameters'?: ({[key: string]: _inference_InferParameter});
  /**
   * Inputs, at least one.
   */
  'inputs'?: (_inference_ModelInferRequest_InferInputTensor)[];
  /**
   * Outputs to give; none means `score`.
   */
  'outputs'?: (_inference_ModelInferRequest_InferRequestedOutputTensor)[];
  /**
   * Data of all inputs in their order, instead of `contents`: for each element its length as a little-endian 32-bit number
   * and its bytes.
   */
  'rawInputContents'?: (Buffer | Uint8Array | string)[];
}

/**
 * Request for `ModelInfer`.
 */
export interface ModelInferRequest__Output {
  /**
   * Required. Name of the reward model.
   */
  'modelName': (string);
  /**
   * Epoch the caller insists on, as a decimal number; empty accepts the one in service.
   */
  'modelVersion': (string);
  /**
   * Given back in the response.
   */
  'id': (string);
  /**
   * Parameters of the call: `score_datatype` (string, `FP64` or `FP32`), `truncated` (boolean: generation stopped for
   * length), `chat_format` (string: how `text` is marked up, as the parameter `chat` of the HTTP façades). Others are not
   * looked at, except those of stateful sequences (`sequence_id`), which are refused.
   */
  'parameters': ({[key: string]: _inference_InferParameter__Output});
  /**
   * Inputs, at least one.
   */
  'inputs': (_inference_ModelInferRequest_InferInputTensor__Output)[];
  /**
   * Outputs to give; none means `score`.
   */
  'outputs': (_inference_ModelInferRequest_InferRequestedOutputTensor__Output)[];
  /**
   * Data of all inputs in their order, instead of `contents`: for each element its length as a little-endian 32-bit number
   * and its bytes.
   */
  'rawInputContents': (Buffer)[];
}
