// From proto/metaapo/policy/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Is a piece of a tensor.
 */
export interface TensorChunk {
  /**
   * Index into the list of tensors that was announced.
   */
  'tensorIndex'?: (number);
  /**
   * Offset of `data` within the tensor, in bytes.
   */
  'offsetBytes'?: (number | string | Long);
  /**
   * Bytes from there on.
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * Is a piece of a tensor.
 */
export interface TensorChunk__Output {
  /**
   * Index into the list of tensors that was announced.
   */
  'tensorIndex': (number);
  /**
   * Offset of `data` within the tensor, in bytes.
   */
  'offsetBytes': (string);
  /**
   * Bytes from there on.
   */
  'data': (Buffer);
}
