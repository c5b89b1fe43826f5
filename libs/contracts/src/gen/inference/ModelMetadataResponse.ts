// From proto/inference/open_inference.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Describes a tensor.
 */
export interface _inference_ModelMetadataResponse_TensorMetadata {
  /**
   * Name of the tensor.
   */
  'name'?: (string);
  /**
   * Type of its elements, for instance `BYTES`.
   */
  'datatype'?: (string);
  /**
   * Its shape; -1 stands for any size.
   */
  'shape'?: (number | string | Long)[];
}

/**
 * Describes a tensor.
 */
export interface _inference_ModelMetadataResponse_TensorMetadata__Output {
  /**
   * Name of the tensor.
   */
  'name': (string);
  /**
   * Type of its elements, for instance `BYTES`.
   */
  'datatype': (string);
  /**
   * Its shape; -1 stands for any size.
   */
  'shape': (string)[];
}

/**
 * Response of `ModelMetadata`.
 */
export interface ModelMetadataResponse {
  /**
   * Name of the reward model.
   */
  'name'?: (string);
  /**
   * Epoch that is described.
   */
  'versions'?: (string)[];
  /**
   * `metaapo_` and the kind of backend.
   */
  'platform'?: (string);
  /**
   * Inputs that are needed. `ModelInfer` names the others that may stand in their place.
   */
  'inputs'?: (_inference_ModelMetadataResponse_TensorMetadata)[];
  /**
   * Outputs that are given when none is asked for by name.
   */
  'outputs'?: (_inference_ModelMetadataResponse_TensorMetadata)[];
  /**
   * Provenance of the scores: `reward_model`, `epoch`, `weights_digest` and so on. KServe's field; Triton's clients skip it.
   */
  'properties'?: ({[key: string]: string});
}

/**
 * Response of `ModelMetadata`.
 */
export interface ModelMetadataResponse__Output {
  /**
   * Name of the reward model.
   */
  'name': (string);
  /**
   * Epoch that is described.
   */
  'versions': (string)[];
  /**
   * `metaapo_` and the kind of backend.
   */
  'platform': (string);
  /**
   * Inputs that are needed. `ModelInfer` names the others that may stand in their place.
   */
  'inputs': (_inference_ModelMetadataResponse_TensorMetadata__Output)[];
  /**
   * Outputs that are given when none is asked for by name.
   */
  'outputs': (_inference_ModelMetadataResponse_TensorMetadata__Output)[];
  /**
   * Provenance of the scores: `reward_model`, `epoch`, `weights_digest` and so on. KServe's field; Triton's clients skip it.
   */
  'properties': ({[key: string]: string});
}
