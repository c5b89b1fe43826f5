// From proto/metaapo/common/v1/common.proto

import type { DataType as _metaapo_common_v1_DataType, DataType__Output as _metaapo_common_v1_DataType__Output } from '../../../metaapo/common/v1/DataType.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is a dense array: little-endian, row-major.
 */
export interface Tensor {
  /**
   * Required. Name, as in the safetensors file it belongs to.
   */
  'name'?: (string);
  /**
   * Required. Element type of `data`.
   */
  'dtype'?: (_metaapo_common_v1_DataType);
  /**
   * Sizes of the axes, outermost first. Empty for a scalar. The product times the element's width is the length of `data`.
   */
  'dims'?: (number | string | Long)[];
  /**
   * Elements, little-endian, row-major.
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * Is a dense array: little-endian, row-major.
 */
export interface Tensor__Output {
  /**
   * Required. Name, as in the safetensors file it belongs to.
   */
  'name': (string);
  /**
   * Required. Element type of `data`.
   */
  'dtype': (_metaapo_common_v1_DataType__Output);
  /**
   * Sizes of the axes, outermost first. Empty for a scalar. The product times the element's width is the length of `data`.
   */
  'dims': (string)[];
  /**
   * Elements, little-endian, row-major.
   */
  'data': (Buffer);
}
