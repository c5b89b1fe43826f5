// From proto/metaapo/common/v1/common.proto

/**
 * Is the element type of a tensor.
 */
export const DataType = {
  /**
   * Not given; rejected.
   */
  DATA_TYPE_UNSPECIFIED: 'DATA_TYPE_UNSPECIFIED',
  /**
   * IEEE 754 binary32.
   */
  DATA_TYPE_F32: 'DATA_TYPE_F32',
  /**
   * IEEE 754 binary16.
   */
  DATA_TYPE_F16: 'DATA_TYPE_F16',
  /**
   * bfloat16.
   */
  DATA_TYPE_BF16: 'DATA_TYPE_BF16',
  /**
   * Two's complement, 64 bits.
   */
  DATA_TYPE_I64: 'DATA_TYPE_I64',
} as const;

/**
 * Is the element type of a tensor.
 */
export type DataType =
  /**
   * Not given; rejected.
   */
  | 'DATA_TYPE_UNSPECIFIED'
  | 0
  /**
   * IEEE 754 binary32.
   */
  | 'DATA_TYPE_F32'
  | 1
  /**
   * IEEE 754 binary16.
   */
  | 'DATA_TYPE_F16'
  | 2
  /**
   * bfloat16.
   */
  | 'DATA_TYPE_BF16'
  | 3
  /**
   * Two's complement, 64 bits.
   */
  | 'DATA_TYPE_I64'
  | 4

/**
 * Is the element type of a tensor.
 */
export type DataType__Output = typeof DataType[keyof typeof DataType]
