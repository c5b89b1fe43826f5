// From proto/metaapo/metalearner/v1/metalearner.proto

/**
 * Says how phi starts.
 */
export const InitKind = {
  /**
   * Not given; rejected.
   */
  INIT_KIND_UNSPECIFIED: 'INIT_KIND_UNSPECIFIED',
  /**
   * W1 = W2 = 0.1, biases 0, as the authors' release: hidden units stay identical for ever.
   */
  INIT_KIND_CONSTANT: 'INIT_KIND_CONSTANT',
  /**
   * W1 and W2 normal with mean 0.1 and deviation 0.02, biases 0.
   */
  INIT_KIND_RANDOM: 'INIT_KIND_RANDOM',
} as const;

/**
 * Says how phi starts.
 */
export type InitKind =
  /**
   * Not given; rejected.
   */
  | 'INIT_KIND_UNSPECIFIED'
  | 0
  /**
   * W1 = W2 = 0.1, biases 0, as the authors' release: hidden units stay identical for ever.
   */
  | 'INIT_KIND_CONSTANT'
  | 1
  /**
   * W1 and W2 normal with mean 0.1 and deviation 0.02, biases 0.
   */
  | 'INIT_KIND_RANDOM'
  | 2

/**
 * Says how phi starts.
 */
export type InitKind__Output = typeof InitKind[keyof typeof InitKind]
