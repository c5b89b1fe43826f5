// From proto/inference/open_inference.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Holds the elements of a tensor, row-major, in the field for their type. Only BYTES are read, and FP32, FP64, INT64 and
 * BYTES written; the others stand here because the protocol has them.
 */
export interface InferTensorContents {
  /**
   * Elements of BOOL.
   */
  'boolContents'?: (boolean)[];
  /**
   * Elements of INT8, INT16 and INT32.
   */
  'intContents'?: (number)[];
  /**
   * Elements of INT64.
   */
  'int64Contents'?: (number | string | Long)[];
  /**
   * Elements of UINT8, UINT16 and UINT32.
   */
  'uintContents'?: (number)[];
  /**
   * Elements of UINT64.
   */
  'uint64Contents'?: (number | string | Long)[];
  /**
   * Elements of FP32.
   */
  'fp32Contents'?: (number | string)[];
  /**
   * Elements of FP64.
   */
  'fp64Contents'?: (number | string)[];
  /**
   * Elements of BYTES.
   */
  'bytesContents'?: (Buffer | Uint8Array | string)[];
}

/**
 * Holds the elements of a tensor, row-major, in the field for their type. Only BYTES are read, and FP32, FP64, INT64 and
 * BYTES written; the others stand here because the protocol has them.
 */
export interface InferTensorContents__Output {
  /**
   * Elements of BOOL.
   */
  'boolContents': (boolean)[];
  /**
   * Elements of INT8, INT16 and INT32.
   */
  'intContents': (number)[];
  /**
   * Elements of INT64.
   */
  'int64Contents': (string)[];
  /**
   * Elements of UINT8, UINT16 and UINT32.
   */
  'uintContents': (number)[];
  /**
   * Elements of UINT64.
   */
  'uint64Contents': (string)[];
  /**
   * Elements of FP32.
   */
  'fp32Contents': (number)[];
  /**
   * Elements of FP64.
   */
  'fp64Contents': (number)[];
  /**
   * Elements of BYTES.
   */
  'bytesContents': (Buffer)[];
}
