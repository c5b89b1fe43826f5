// From proto/inference/open_inference.proto

import type { InferParameter as _inference_InferParameter, InferParameter__Output as _inference_InferParameter__Output } from '../inference/InferParameter.js';
import type { InferTensorContents as _inference_InferTensorContents, InferTensorContents__Output as _inference_InferTensorContents__Output } from '../inference/InferTensorContents.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is an output tensor.
 */
export interface _inference_ModelInferResponse_InferOutputTensor {
  /**
   * Name of the tensor.
   */
  'name'?: (string);
  /**
   * Type of its elements: `FP64` or `FP32`, `INT64`, `BYTES`.
   */
  'datatype'?: (string);
  /**
   * Its shape.
   */
  'shape'?: (number | string | Long)[];
  /**
   * Parameters of the tensor: none.
   */
  'parameters'?: ({[key: string]: _inference_InferParameter});
  /**
   * The data, unless `raw_output_contents` has it.
   */
  'contents'?: (_inference_InferTensorContents | null);
}

/**
 * Is an output tensor.
 */
export interface _inference_ModelInferResponse_InferOutputTensor__Output {
  /**
   * Name of the tensor.
   */
  'name': (string);
  /**
   * Type of its elements: `FP64` or `FP32`, `INT64`, `BYTES`.
   */
  'datatype': (string);
  /**
   * Its shape.
   */
  'shape': (string)[];
  /**
   * Parameters of the tensor: none.
   */
  'parameters': ({[key: string]: _inference_InferParameter__Output});
  /**
   * The data, unless `raw_output_contents` has it.
   */
  'contents': (_inference_InferTensorContents__Output | null);
}

/**
 * Response of `ModelInfer`.
 */
export interface ModelInferResponse {
  /**
   * Name of the reward model.
   */
  'modelName'?: (string);
  /**
   * Epoch that gave all scores of this reply.
   */
  'modelVersion'?: (string);
  /**
   * The request's `id`.
   */
  'id'?: (string);
  /**
   * Provenance of the scores: `reward_model`, `epoch`, `weights_digest` and so on.
   */
  'parameters'?: ({[key: string]: _inference_InferParameter});
  /**
   * Outputs that were asked for.
   */
  'outputs'?: (_inference_ModelInferResponse_InferOutputTensor)[];
  /**
   * Data of all outputs in their order, instead of `contents`, when the inputs came raw: little-endian numbers; BYTES as in
   * `raw_input_contents`.
   */
  'rawOutputContents'?: (Buffer | Uint8Array | string)[];
}

/**
 * Response of `ModelInfer`.
 */
export interface ModelInferResponse__Output {
  /**
   * Name of the reward model.
   */
  'modelName': (string);
  /**
   * Epoch that gave all scores of this reply.
   */
  'modelVersion': (string);
  /**
   * The request's `id`.
   */
  'id': (string);
  /**
   * Provenance of the scores: `reward_model`, `epoch`, `weights_digest` and so on.
   */
  'parameters': ({[key: string]: _inference_InferParameter__Output});
  /**
   * Outputs that were asked for.
   */
  'outputs': (_inference_ModelInferResponse_InferOutputTensor__Output)[];
  /**
   * Data of all outputs in their order, instead of `contents`, when the inputs came raw: little-endian numbers; BYTES as in
   * `raw_input_contents`.
   */
  'rawOutputContents': (Buffer)[];
}
