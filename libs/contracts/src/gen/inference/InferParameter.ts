// From proto/inference/open_inference.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Is the value of a parameter.
 */
export interface InferParameter {
  /**
   * A boolean.
   */
  'boolParam'?: (boolean);
  /**
   * A whole number.
   */
  'int64Param'?: (number | string | Long);
  /**
   * A text.
   */
  'stringParam'?: (string);
  /**
   * A number.
   */
  'doubleParam'?: (number | string);
  /**
   * A whole number, not negative.
   */
  'uint64Param'?: (number | string | Long);
  /**
   * The value in one of the types.
   */
  'parameterChoice'?: "boolParam"|"int64Param"|"stringParam"|"doubleParam"|"uint64Param";
}

/**
 * Is the value of a parameter.
 */
export interface InferParameter__Output {
  /**
   * A boolean.
   */
  'boolParam'?: (boolean);
  /**
   * A whole number.
   */
  'int64Param'?: (string);
  /**
   * A text.
   */
  'stringParam'?: (string);
  /**
   * A number.
   */
  'doubleParam'?: (number);
  /**
   * A whole number, not negative.
   */
  'uint64Param'?: (string);
  /**
   * The value in one of the types.
   */
  'parameterChoice'?: "boolParam"|"int64Param"|"stringParam"|"doubleParam"|"uint64Param";
}
