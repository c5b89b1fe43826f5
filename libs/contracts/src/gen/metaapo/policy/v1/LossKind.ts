// From proto/metaapo/policy/v1/policy.proto

/**
 * Names a base preference loss.
 */
export const LossKind = {
  /**
   * Not given; rejected.
   */
  LOSS_KIND_UNSPECIFIED: 'LOSS_KIND_UNSPECIFIED',
  /**
   * -log sigmoid(beta * delta), arXiv 2305.18290 Eq. 7.
   */
  LOSS_KIND_DPO: 'LOSS_KIND_DPO',
  /**
   * (delta - 1/(2 beta))^2 with delta of summed log-ratios, arXiv 2310.12036 Eq. 17.
   */
  LOSS_KIND_IPO: 'LOSS_KIND_IPO',
  /**
   * As IPO with delta of per-token mean log-ratios, as TRL computes it.
   */
  LOSS_KIND_IPO_AVERAGE: 'LOSS_KIND_IPO_AVERAGE',
  /**
   * -log sigmoid(beta * difference of means - gamma), no reference, arXiv 2405.14734 Eq. 6.
   */
  LOSS_KIND_SIMPO: 'LOSS_KIND_SIMPO',
} as const;

/**
 * Names a base preference loss.
 */
export type LossKind =
  /**
   * Not given; rejected.
   */
  | 'LOSS_KIND_UNSPECIFIED'
  | 0
  /**
   * -log sigmoid(beta * delta), arXiv 2305.18290 Eq. 7.
   */
  | 'LOSS_KIND_DPO'
  | 1
  /**
   * (delta - 1/(2 beta))^2 with delta of summed log-ratios, arXiv 2310.12036 Eq. 17.
   */
  | 'LOSS_KIND_IPO'
  | 2
  /**
   * As IPO with delta of per-token mean log-ratios, as TRL computes it.
   */
  | 'LOSS_KIND_IPO_AVERAGE'
  | 3
  /**
   * -log sigmoid(beta * difference of means - gamma), no reference, arXiv 2405.14734 Eq. 6.
   */
  | 'LOSS_KIND_SIMPO'
  | 4

/**
 * Names a base preference loss.
 */
export type LossKind__Output = typeof LossKind[keyof typeof LossKind]
